// As much of a terminal as a line editor and its hints need: what a person would see.
//
// Text goes where the cursor is; of the escape sequences it knows those that move the cursor, wipe,
// and switch to grey and back. Grey text is kept apart, because hints are recognized by it.

interface Cell {
  readonly character: string;
  readonly grey: boolean;
}

const BLANK: Cell = { character: " ", grey: false };

const SEQUENCE = new RegExp(`^${String.fromCharCode(0x1b)}\\[([0-9;]*)([A-Za-z])`);
const ESCAPE = "\x1b";

export class Screen {
  readonly #rows: Cell[][] = [[]];
  #row = 0;
  #column = 0;
  #grey = false;
  #pending = "";

  constructor(readonly columns: number) {}

  /** Shows what a program has printed. */
  write(text: string): void {
    let rest = this.#pending + text;
    this.#pending = "";
    while (rest !== "") {
      if (rest[0] === ESCAPE) {
        const sequence = SEQUENCE.exec(rest);
        if (sequence === null) {
          // The end of the sequence is still to come.
          this.#pending = rest;
          return;
        }
        this.#control(sequence[1], sequence[2]);
        rest = rest.slice(sequence[0].length);
      } else {
        this.#put(rest[0]);
        rest = rest.slice(1);
      }
    }
  }

  /** Every row, without blanks at the ends. */
  get text(): string {
    return this.#rows.map((row) => rowText(row)).join("\n").trimEnd();
  }

  /** The row of the cursor without grey text. */
  get line(): string {
    return rowText((this.#rows[this.#row] ?? []).map((cell) => cell.grey ? BLANK : cell));
  }

  /** Grey text in the row of the cursor, without blanks around it. */
  get hint(): string {
    const row = this.#rows[this.#row] ?? [];
    return row.filter((cell) => cell.grey).map((cell) => cell.character).join("").trim();
  }

  get cursorColumn(): number {
    return this.#column;
  }

  #put(character: string): void {
    if (character === "\r") this.#column = 0;
    else if (character === "\n") this.#down(1);
    else if (character >= " ") {
      if (this.#column === this.columns) {
        this.#column = 0;
        this.#down(1);
      }
      const row = this.#rows[this.#row];
      while (row.length < this.#column) row.push(BLANK);
      row[this.#column++] = { character, grey: this.#grey };
    }
  }

  #control(parameters: string, letter: string): void {
    const count = Number(parameters.split(";")[0] || "0");
    switch (letter) {
      case "A":
        this.#row = Math.max(0, this.#row - (count || 1));
        break;
      case "B":
        this.#down(count || 1);
        break;
      case "C":
        this.#column = Math.min(this.columns - 1, this.#column + (count || 1));
        break;
      case "D":
        this.#column = Math.max(0, this.#column - (count || 1));
        break;
      case "G":
        this.#column = (count || 1) - 1;
        break;
      case "H":
        this.#row = 0;
        this.#column = 0;
        break;
      case "J":
        if (count === 2) this.#rows.forEach((row) => row.length = 0);
        else {
          this.#rows[this.#row].length = Math.min(this.#rows[this.#row].length, this.#column);
          this.#rows.length = this.#row + 1;
        }
        break;
      case "K":
        this.#rows[this.#row].length = Math.min(this.#rows[this.#row].length, this.#column);
        break;
      case "m":
        this.#grey = count === 90 || count === 2;
    }
  }

  #down(count: number): void {
    this.#row += count;
    while (this.#rows.length <= this.#row) this.#rows.push([]);
  }
}

function rowText(row: readonly Cell[]): string {
  return row.map((cell) => cell.character).join("").trimEnd();
}
