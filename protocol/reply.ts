/**
 * What a command writes its reply to. Three writers stand behind it (RESP2 and RESP3 in
 * resp_reply.ts, native in native_reply.ts); a command says what the value means and the writer
 * chooses how the client's protocol spells it.
 *
 * ```
 * method        RESP2        RESP3      native
 * ok            +OK          +OK        nil
 * nil           $-1          _          nil
 * nilArray      *-1          _          nil
 * status        +text        +text      string ("OK": nil)
 * error         -text        -text      error
 * integer       :n           :n         integer
 * bulk          $len         $len       string
 * double        bulk         ,x         double
 * doubleText    bulk         ,text      double
 * boolean       :0 :1        #f #t      integer
 * bigNumber     bulk         (digits    string
 * verbatim      bulk         =len       string
 * array(n)      *n           *n         array of n
 * pairs(n)      *2n          *n         array of 2n
 * pair          –            *2         –
 * map(n)        *2n          %n         array of 2n
 * set(n)        *n           ~n         array of n
 * push(n)       *n           >n         array of n, in a frame of its own
 * attributes(n) –            |n         –
 * ```
 *
 * Everything goes into one queue, in the order of the calls. A writer has no state but `out`, so
 * one writer a protocol serves all clients in turn, whoever runs a command having set `out` first,
 * and replies may be parts of replies.
 */

import type { ByteString } from "../structures/bytes/byte_string.ts";
import type { ByteRun } from "../structures/bytes/byte_run.ts";
import type { ByteView } from "../structures/bytes/byte_view.ts";
import type { OutputQueue } from "../structures/bytes/output_queue.ts";

export interface Reply {
  /** Where the reply goes. Any method throws ByteQueueFullError when it may not grow further. */
  out: OutputQueue;
  readonly protocol: 2 | 3 | "native";

  /**
   * Starts one reply (or one push message); nothing of it is sent before its end().
   *
   * @returns a mark: where its values begin
   */
  begin(): number;
  /** Ends the reply that begins at the mark. One that wrote nothing leaves no trace. */
  end(mark: number): void;
  /** Where the next value begins: a mark for a reply that is part of another one. */
  mark(): number;
  /** Takes back everything written since the mark, of begin() or of mark(). */
  rollback(mark: number): void;

  ok(): void;
  nil(): void;
  nilArray(): void;
  /** A short status such as `QUEUED`; line breaks become spaces. */
  status(text: ByteString): void;
  /** An error with its code first and no `-`: `ERR no such key`; line breaks become spaces. */
  error(text: ByteString): void;
  /** A safe integer. */
  integer(value: number): void;
  /** A signed 64-bit integer. */
  bigInteger(value: bigint): void;
  /** A string, sent as UTF-8. */
  bulk(text: string): void;
  /** A string of `length` bytes from `start`; `bytes` may lie in shared memory. */
  bulkBytes(bytes: Uint8Array, start: number, length: number): void;
  /** The string that a view sees, which may lie in shared memory. */
  bulkView(view: ByteView): void;
  /** Each string of a run, as bulkBytes() would. They may lie in shared memory. */
  bulkRun(run: ByteRun): void;
  /** A string whose characters are its bytes. */
  byteString(text: ByteString): void;
  double(value: number): void;
  /** A double in digits of the caller's choice. */
  doubleText(value: number, text: ByteString): void;
  boolean(value: boolean): void;
  /** An integer of any size, as decimal digits. */
  bigNumber(digits: string): void;
  /** Text for people; `format` is three characters, `txt` or `mkd`. */
  verbatim(format: string, text: string): void;
  /** The same of a text whose characters are its bytes. */
  verbatimBytes(format: string, text: ByteString): void;

  /** Begins an array; `count` values follow. */
  array(count: number): void;
  /**
   * Begins an array whose length is known when its values are written, by
   * {@linkcode Reply.endLateArray}. Its elements may be late arrays too.
   *
   * @returns a mark to give back there
   */
  lateArray(): number;
  /** Ends a late array of `count` values; what follows belongs to it no more. O(bytes of it). */
  endLateArray(mark: number, count: number): void;
  /** Begins `count` pairs of two values, each begun by {@linkcode Reply.pair}: nested in RESP3 only. */
  pairs(count: number): void;
  /** Begins one pair of {@linkcode Reply.pairs}; two values follow. */
  pair(): void;
  /** Begins a map; `count` pairs, 2 × `count` values, follow. */
  map(count: number): void;
  /** Begins a set; `count` values follow. */
  set(count: number): void;
  /** Begins a push message; `count` values follow. */
  push(count: number): void;
  /**
   * Begins attributes of the value behind them; `count` pairs follow. They are for RESP3 alone, and
   * whoever writes them looks for that.
   */
  attributes(count: number): void;
}
