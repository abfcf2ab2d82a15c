import { css } from "lit";

/** The rows of the log: two lines where it is narrow, one where it is wide. */
export const logRows = css`
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem;
    padding: 0.5rem 0.9rem;
    border-bottom: 1px solid var(--line);
  }
  .tools input {
    flex: 1 1 9rem;
    min-width: 0;
  }
  .tools select {
    flex: 0 1 12rem;
    min-width: 0;
  }
  .frame {
    position: relative;
    flex: 1;
    min-height: 0;
  }
  .scroller {
    position: absolute;
    inset: 0;
    overflow: auto;
    overflow-anchor: none;
    scrollbar-width: thin;
  }
  .scroller:focus-visible {
    outline-offset: -2px;
  }
  .rows {
    position: relative;
  }
  .newer {
    position: absolute;
    top: 0.5rem;
    left: 50%;
    translate: -50% 0;
    z-index: 2;
    border-radius: 999px;
    background: var(--accent);
    border-color: var(--accent);
    color: var(--paper);
    font-weight: 600;
    box-shadow: 0 2px 10px rgb(0 0 0 / 0.2);
  }
  .row {
    position: absolute;
    top: 0;
    left: 0;
    right: 0;
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    grid-template-areas: "what when" "said said";
    align-content: center;
    gap: 0 0.8rem;
    padding: 0 0.9rem 0 0.75rem;
    border-left: 3px solid var(--idle-fill);
    border-bottom: 1px solid var(--line);
    font-size: 0.9rem;
    line-height: 1.4;
  }
  .row:hover {
    background: var(--raised);
  }
  .row.about-plan,
  .row.about-rule {
    border-left-color: var(--muted);
  }
  .row.about-work {
    border-left-color: var(--work-fill);
  }
  .row.about-money {
    border-left-color: var(--ok-fill);
  }
  .row.about-trade {
    border-left-color: var(--wait-fill);
  }
  .row.about-trouble {
    border-left-color: var(--bad-fill);
  }
  .what {
    grid-area: what;
  }
  .what button {
    all: unset;
    cursor: pointer;
    font-weight: 600;
  }
  .what button::after {
    content: "";
    position: absolute;
    inset: 0;
  }
  .what button:focus-visible::after {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }
  .when {
    grid-area: when;
    color: var(--muted);
    font-size: 0.84rem;
  }
  .said {
    grid-area: said;
    color: var(--muted);
  }
  .wide .row {
    grid-template-columns: 25rem minmax(0, 1fr) auto;
    grid-template-areas: "what said when";
  }
  @media (prefers-reduced-motion: no-preference) {
    .row.fresh {
      animation: arrive 2.5s ease-out;
    }
  }
  @keyframes arrive {
    from {
      background: var(--fresh);
    }
  }
`;
