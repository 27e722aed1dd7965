/**
 * Replies as a client holds them. Where JavaScript has the type it stands for itself; the rest are
 * small classes, so that `instanceof` tells a set from an array and an error from a string.
 *
 * ```
 * null          nil of any kind              Uint8Array    bulk string
 * string        status                       ReplyValue[]  array
 * number        integer, or bigint outside ±(2^53 - 1)
 * boolean       RESP3 boolean                Reply…        as named
 * ```
 *
 * Nothing is lost on the way: a program can print every reply as it was sent.
 */

export type ReplyValue =
  | null
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | ReplyValue[]
  | ReplyError
  | ReplyDouble
  | ReplyBigNumber
  | ReplyVerbatim
  | ReplyMap
  | ReplySet
  | ReplyPush;

/** The server refused: `ERR unknown command …`. */
export class ReplyError {
  constructor(readonly message: string) {}

  /** The first word, which tells kinds of errors apart: ERR, WRONGTYPE, NOAUTH … */
  get code(): string {
    const space = this.message.indexOf(" ");
    return space < 0 ? this.message : this.message.slice(0, space);
  }
}

export class ReplyDouble {
  /** `text` is the number as the server wrote it. */
  constructor(readonly value: number, readonly text: string) {}
}

export class ReplyBigNumber {
  constructor(readonly value: bigint) {}
}

/** Text for people. `format` is `txt` or `mkd`. */
export class ReplyVerbatim {
  constructor(readonly format: string, readonly text: string) {}
}

export class ReplyMap {
  constructor(readonly entries: [key: ReplyValue, value: ReplyValue][]) {}
}

export class ReplySet {
  constructor(readonly items: ReplyValue[]) {}
}

/** A message that answers no request; its first item names its kind. */
export class ReplyPush {
  constructor(readonly items: ReplyValue[]) {}
}
