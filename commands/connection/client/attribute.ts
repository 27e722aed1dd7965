/**
 * What clients say about themselves: name, library, version. It is shown in CLIENT LIST, one client
 * a line and one field a word, so it may hold neither.
 */

/** Whether a text is printable ASCII without spaces. "" is: it takes an attribute away. */
export function isAttribute(text: string): boolean {
  return /^[!-~]*$/.test(text);
}

/** Why a text that is none was refused; `what` names the attribute. */
export function badAttribute(what: string): string {
  return `ERR ${what} cannot contain spaces, newlines or special characters.`;
}
