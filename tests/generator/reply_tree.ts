// A reply taken apart, so that two which differ as bytes can be compared in parts.

export interface ReplyNode {
  /** The type's character: `+`, `-`, `:`, `$`, `*`, and RESP3's. */
  readonly type: string;
  /** What a value says; of an aggregate its length, `-1` for nil. */
  readonly text: string;
  /** Of an aggregate, the fields and values of a map in turn. */
  readonly items: readonly ReplyNode[];
  /** Its bytes. */
  readonly raw: string;
}

/** The tree of one whole reply. */
export function replyTree(raw: string): ReplyNode {
  return parse(raw, 0);
}

function parse(raw: string, start: number): ReplyNode {
  const end = raw.indexOf("\r\n", start);
  const type = raw[start];
  const head = raw.slice(start + 1, end);
  if ("$=!".includes(type)) {
    const length = Number(head);
    if (length < 0) return { type, text: "-1", items: [], raw: raw.slice(start, end + 2) };
    const text = raw.slice(end + 2, end + 2 + length);
    return { type, text, items: [], raw: raw.slice(start, end + 4 + length) };
  }
  const items: ReplyNode[] = [];
  let at = end + 2;
  if ("*%~>".includes(type)) {
    const count = Number(head) * (type === "%" ? 2 : 1);
    for (let i = 0; i < count; i++) {
      const item = parse(raw, at);
      items.push(item);
      at += item.raw.length;
    }
  }
  return { type, text: head, items, raw: raw.slice(start, at) };
}
