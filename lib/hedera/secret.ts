/** Shown in a secret's place. */
export const REDACTED = "[secret]";

/**
 * Text that must not be shown: a private key as it was read, or a webhook's
 * address, which is all that one needs to post there. Printed, logged, inspected
 * or in JSON it is {@link REDACTED}, whatever the field that holds it is called;
 * only {@link Secret.reveal} gives it away.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself, for the one call that needs it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return REDACTED;
  }
}
