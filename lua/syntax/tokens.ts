/**
 * The kinds of tokens. A character that is a token by itself has its own code as its kind; all others
 * have numbers behind those.
 */

export const AND = 257;
export const BREAK = 258;
export const DO = 259;
export const ELSE = 260;
export const ELSEIF = 261;
export const END = 262;
export const FALSE = 263;
export const FOR = 264;
export const FUNCTION = 265;
export const IF = 266;
export const IN = 267;
export const LOCAL = 268;
export const NIL = 269;
export const NOT = 270;
export const OR = 271;
export const REPEAT = 272;
export const RETURN = 273;
export const THEN = 274;
export const TRUE = 275;
export const UNTIL = 276;
export const WHILE = 277;
export const CONCAT = 278;
export const DOTS = 279;
export const EQUAL = 280;
export const GREATER_OR_EQUAL = 281;
export const LESS_OR_EQUAL = 282;
export const NOT_EQUAL = 283;
export const NUMBER = 284;
export const NAME = 285;
export const STRING = 286;
export const END_OF_TEXT = 287;
/** One more than the last kind. */
export const KINDS = 288;

/** The reserved words, in the order of their kinds. */
export const RESERVED = [
  "and",
  "break",
  "do",
  "else",
  "elseif",
  "end",
  "false",
  "for",
  "function",
  "if",
  "in",
  "local",
  "nil",
  "not",
  "or",
  "repeat",
  "return",
  "then",
  "true",
  "until",
  "while",
];

const SYMBOLS = ["..", "...", "==", ">=", "<=", "~=", "<number>", "<name>", "<string>", "<eof>"];

/** How messages call a kind of token. */
export function kindText(kind: number): string {
  if (kind >= CONCAT) return SYMBOLS[kind - CONCAT];
  if (kind >= AND) return RESERVED[kind - AND];
  return kind < 32 || kind === 127 ? `char(${kind})` : String.fromCharCode(kind);
}
