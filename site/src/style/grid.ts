import { css } from "lit";

/** Where the panels stand: below each other on a phone, in three columns that fill a large screen. */
export const panelGrid = css`
  .panels {
    display: grid;
    gap: 0.75rem;
    padding: 0.75rem 1rem;
    grid-template-columns: minmax(0, 1fr);
    grid-template-areas: "festival" "log" "agents" "trading" "inference" "payments";
  }
  fest-festival {
    grid-area: festival;
  }
  fest-log {
    grid-area: log;
    height: min(36rem, 80vh);
  }
  fest-agents {
    grid-area: agents;
  }
  fest-payments {
    grid-area: payments;
    max-height: 26rem;
  }
  fest-trades {
    grid-area: trading;
    max-height: 40rem;
  }
  fest-inference {
    grid-area: inference;
    max-height: 40rem;
  }
  @media print {
    .panels {
      display: block;
      padding: 0;
    }
    .panels > * {
      height: auto;
      max-height: none;
      margin: 0 0 0.5rem;
      break-inside: avoid;
    }
    .panels > fest-log {
      height: 60rem;
    }
  }
  @media (max-width: 40rem) {
    .panels {
      padding: 0.5rem;
      gap: 0.5rem;
    }
  }
  @media (min-width: 50rem) {
    .panels {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      grid-template-areas: "festival log" "agents agents" "trading inference" "payments payments";
    }
    fest-log {
      height: auto;
      max-height: 52rem;
    }
  }
  @media (min-width: 80rem) {
    .panels {
      flex: 1;
      grid-template-columns: minmax(0, 1.02fr) minmax(0, 1.16fr) minmax(0, 1fr);
      grid-template-rows: minmax(26rem, 54vh) minmax(24rem, 44vh);
      grid-template-areas:
        "festival log agents"
        "trading inference payments";
    }
    fest-log,
    fest-payments,
    fest-trades,
    fest-inference {
      height: auto;
      max-height: none;
    }
  }
`;
