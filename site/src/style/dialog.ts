import { css } from "lit";

/** A dialog over the page: its frame, and a heading with a button at its right. */
export const dialogFrame = css`
  dialog {
    width: min(46rem, calc(100vw - 1.5rem));
    max-height: min(52rem, calc(100vh - 2rem));
    padding: 0;
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--surface);
    color: var(--ink);
    box-shadow: 0 12px 50px rgb(0 0 0 / 0.3);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 0.4);
  }
  .frame {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.8rem;
    padding: 1rem 1.1rem 1.1rem;
  }
  .frame .chip {
    white-space: normal;
  }
  .top {
    display: flex;
    align-items: baseline;
    gap: 0.75rem;
  }
  h2 {
    font-size: 1.05rem;
  }
  .top h2 {
    margin-right: auto;
  }
`;
