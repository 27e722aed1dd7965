// XXH3 against digests that other implementations have made of the same bytes: one at least for each
// of its formulas, and around the lengths at which they change.

import { assertEquals } from "@std/assert";
import { withView } from "../../../structures/bytes/bytes.ts";
import { xxh3 } from "../../../structures/bytes/xxh3.ts";

const DIGESTS_OF_TEXTS: Readonly<Record<string, string>> = {
  "": "2d06800538d394c2",
  "v8": "0cc76dbb41381419",
  "123": "404a763b3f4c8c9a",
  "foo": "ab6e5f64077e7d8a",
  "test": "9ec9f7918d7dfc40",
  "hello": "9555e8555c62dcfd",
  "Hello world": "b6acb9d84a38ff74",
  "Hello, World!": "60415d5f616602aa",
  "The quick brown fox jumps over the lazy dog": "ce7d19a5418fb365",
  "v8lf0c11xh8ymlqztfd3eeq16kfn4sspw7fqmnuuq3k3t75em5wdizgcdw7uc26nnf961u2jkfzkjytls2kwlj7626sd":
    "00006c38adf31777",
};

/** Of so many bytes of {@linkcode noise}, from xxHash 0.8. */
const DIGESTS_OF_NOISE: Readonly<Record<number, string>> = {
  1: "e5e62017e96f839c",
  2: "e99f8ba75698ec0f",
  3: "d3bcc83c6f14e70f",
  4: "c7f159f34b126cb4",
  5: "0276f65070331568",
  7: "ddce99c00391ea7c",
  8: "0f25a2a1cc43dda2",
  9: "1e3be9699baa50cf",
  12: "e52e522a84ebbb71",
  15: "bb9c1f12fc955b0c",
  16: "9ec324145cea1dcb",
  17: "48f3651d7436310a",
  31: "f1e5d171a470e2f5",
  32: "3ecd923442085a0d",
  33: "0afebb54eff3a3b5",
  63: "3a09b3bc81750e23",
  64: "7abe508541644d25",
  65: "da2a9fa52b7fadf5",
  96: "014dbb30ecd7c670",
  97: "7b0a9dae42e89ff6",
  127: "4d6a8b1f7d7fbafa",
  128: "5d813d42c0005ea8",
  129: "c61639b552225575",
  143: "59339bd5e6a8a208",
  144: "9e69d5b5f04a37c8",
  145: "2113d2a74f92f17a",
  239: "9baab2789601e92a",
  240: "7d85b8d4f8b10c82",
  241: "5c56141c894cd97e",
  255: "a88268bb584966d3",
  256: "cdb34974678d6687",
  257: "b5c3cd9c180a14b7",
  320: "fe6e6426ff966b51",
  1023: "123989704c814592",
  1024: "0551dea22e104ea8",
  1025: "dbe2ed3c377d9922",
  1087: "acec44e1c583ea6e",
  1088: "98ce47a58d705d59",
  1089: "8c3ba502883f2263",
  1399: "3eefd1a445dee797",
  2048: "0e137a69a82b62c0",
  2049: "2ba993b30fe87e40",
  4096: "869423345af97371",
  65536: "3387c315d69e9c87",
  70000: "ec72118ff3d3b6bd",
};

/** Bytes of a linear congruential generator, as every language can make them. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state >>> 16 & 0xff;
  });
}

function digest(bytes: Uint8Array, start: number, length: number): string {
  const hash = new Int32Array(2);
  xxh3(bytes, start, length, hash);
  return [hash[1], hash[0]].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

Deno.test("XXH3 of texts", () => {
  for (const [text, expected] of Object.entries(DIGESTS_OF_TEXTS)) {
    const bytes = new TextEncoder().encode(text);
    assertEquals(digest(bytes, 0, bytes.length), expected, text);
  }
});

Deno.test("XXH3 of every formula's lengths, with and without a view, at any place", () => {
  const lengths = Object.keys(DIGESTS_OF_NOISE).map(Number);
  const longest = noise(Math.max(...lengths));
  const shared = withView(new Uint8Array(new SharedArrayBuffer(longest.length + 7)));
  for (const length of lengths) {
    const expected = DIGESTS_OF_NOISE[length];
    assertEquals(digest(longest, 0, length), expected, `${length} bytes`);
    for (const start of [0, 1, 7]) {
      shared.set(longest.subarray(0, length), start);
      assertEquals(digest(shared, start, length), expected, `${length} bytes from ${start} on`);
    }
  }
});
