import { css } from "lit";

/** What every element shares: type, links, controls, state chips. */
export const base = css`
  :host {
    display: block;
    min-width: 0;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  h4,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  a {
    color: inherit;
    text-decoration: underline;
    text-decoration-color: color-mix(in srgb, currentColor 35%, transparent);
    text-underline-offset: 2px;
  }
  a:hover {
    color: var(--accent);
    text-decoration-color: currentColor;
  }
  .id,
  .mono {
    font-family: var(--mono);
    font-size: 0.92em;
  }
  .scan {
    margin-left: 0.25em;
    text-decoration: none;
  }
  .muted {
    color: var(--muted);
  }
  .number {
    text-align: right;
    white-space: nowrap;
  }
  .cut {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
    border-radius: 3px;
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
  }
  button,
  select,
  input {
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: 6px;
    padding: 0.25rem 0.6rem;
    min-height: 28px;
  }
  button,
  select,
  summary {
    cursor: pointer;
  }
  .plain {
    all: unset;
    cursor: pointer;
    text-decoration: underline;
    text-decoration-color: color-mix(in srgb, currentColor 35%, transparent);
    text-underline-offset: 2px;
  }
  .plain:hover {
    color: var(--accent);
  }
  .plain:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
    border-radius: 3px;
  }
  button:not(.plain):hover {
    border-color: var(--muted);
  }
  .chip {
    display: inline-flex;
    align-items: baseline;
    gap: 0.35em;
    white-space: nowrap;
  }
  .chip::before {
    font-size: 0.8em;
  }
  .ok {
    color: var(--ok);
  }
  .chip.ok::before {
    content: "●";
  }
  .work {
    color: var(--work);
  }
  .chip.work::before {
    content: "◐";
  }
  .wait {
    color: var(--wait);
  }
  .chip.wait::before {
    content: "◒";
  }
  .bad {
    color: var(--bad);
  }
  .chip.bad::before {
    content: "▲";
  }
  .idle {
    color: var(--idle);
  }
  .chip.idle::before {
    content: "○";
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** The frame of a panel: a heading with something at its right, and a body that scrolls. */
export const panel = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: 10px;
  }
  section {
    display: flex;
    flex-direction: column;
    min-height: 0;
    flex: 1;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.2rem 0.75rem;
    padding: 0.6rem 0.9rem 0.5rem;
    border-bottom: 1px solid var(--line);
  }
  h2 {
    font-size: 0.95rem;
    font-weight: 650;
    letter-spacing: -0.005em;
  }
  .aside {
    margin-left: auto;
    color: var(--muted);
    font-size: 0.86rem;
  }
  .body {
    flex: 1;
    min-height: 0;
    overflow: auto;
    scrollbar-width: thin;
  }
  @media print {
    .body {
      overflow: visible;
    }
  }
  .empty {
    padding: 1.1rem 0.9rem;
    color: var(--muted);
    max-width: 38rem;
  }
`;
