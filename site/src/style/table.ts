import { css } from "lit";

/** Tables of figures. */
export const table = css`
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 0.88rem;
  }
  th {
    position: sticky;
    top: 0;
    background: var(--surface);
    font-weight: 500;
    color: var(--muted);
    text-align: left;
    font-size: 0.8rem;
  }
  th,
  td {
    padding: 0.32rem 0.45rem;
    vertical-align: baseline;
    border-bottom: 1px solid var(--line);
  }
  .name,
  .name .id {
    font-family: inherit;
    font-size: inherit;
    white-space: nowrap;
  }
  th:first-child,
  td:first-child {
    padding-left: 0.9rem;
  }
  th:last-child,
  td:last-child {
    padding-right: 0.9rem;
  }
  tbody tr:last-child td {
    border-bottom: 0;
  }
  th.number {
    text-align: right;
  }
`;
