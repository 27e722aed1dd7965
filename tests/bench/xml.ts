// A reader for well-formedness, as strict as a browser is with an SVG file: every tag closed by its
// own name, attributes quoted and given once, only the five named entities, one root.

const TAG = /^<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/;
const BARE_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)/;

/** Names of all elements in order. Throws an Error that says where the text is not well-formed. */
export function elementNames(xml: string): string[] {
  const names: string[] = [];
  const open: string[] = [];
  let at = 0;
  const fail = (what: string) => {
    throw new Error(`${what} at ${JSON.stringify(xml.slice(at, at + 60))}`);
  };
  while (at < xml.length) {
    if (xml[at] !== "<") {
      const end = xml.indexOf("<", at);
      const text = xml.slice(at, end < 0 ? xml.length : end);
      if (BARE_AMPERSAND.test(text)) fail("a bare &");
      if (open.length === 0 && text.trim() !== "") fail("text outside of the root");
      at += text.length;
      continue;
    }
    const match = TAG.exec(xml.slice(at));
    if (match === null) return fail("a malformed tag");
    const [whole, closing, name, attributes, empty] = match;
    if (BARE_AMPERSAND.test(attributes)) fail("a bare &");
    const given = [...attributes.matchAll(/([\w:-]+)=/g)].map((attribute) => attribute[1]);
    if (new Set(given).size !== given.length) fail("an attribute given twice");
    if (closing !== "") {
      if (open.pop() !== name) fail("a tag that closes another");
    } else {
      if (open.length === 0 && names.length > 0) fail("a second root");
      names.push(name);
      if (empty === "") open.push(name);
    }
    at += whole.length;
  }
  if (open.length > 0) fail(`<${open.at(-1)}> is not closed`);
  return names;
}
