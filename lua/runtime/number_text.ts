/** Numbers as text, and text as numbers, as Lua converts them by itself. */

const NUMBER =
  /^[ \t\n\v\f\r]*(?:([+-]?)0[xX]([0-9a-fA-F]+)|([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))[ \t\n\v\f\r]*$/;

/** A number as `tostring` shows it: up to 14 digits. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e14) {
    return Object.is(value, -0) ? "-0" : `${value}`;
  }
  if (Number.isNaN(value)) return "-nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const [digits, exponent] = value.toExponential(13).split("e");
  const power = Number(exponent);
  if (power < -5 || power >= 14) {
    const sign = power < 0 ? "-" : "+";
    return `${trimZeros(digits)}e${sign}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  return trimZeros(value.toFixed(13 - power));
}

function trimZeros(digits: string): string {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}

/** The number that a text stands for, undefined where it stands for none. */
export function parseNumber(text: string): number | undefined {
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  if (match[2] !== undefined) {
    const magnitude = Number(`0x${match[2]}`);
    return match[1] === "-" ? -magnitude : magnitude;
  }
  return Number(match[3]);
}
