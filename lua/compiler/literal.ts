/** Lua's constants as JavaScript's. */

/** JavaScript text of a constant, an expression that needs no parentheses around it. */
export function literalOf(value: undefined | boolean | number | string): string {
  switch (typeof value) {
    case "string":
      // One character a byte: none is a line separator or half of a pair.
      return JSON.stringify(value);
    case "number":
      return value < 0 || Object.is(value, -0)
        ? `(-${numberLiteral(-value)})`
        : numberLiteral(value);
    default:
      return String(value);
  }
}

function numberLiteral(value: number): string {
  return value === Infinity ? "(1/0)" : Number.isNaN(value) ? "(0/0)" : String(value);
}
