/** What stands behind the key of SORT and SORT_RO. */

import { ErrorReply, SYNTAX_ERROR } from "../../../protocol/error_reply.ts";
import type { Call } from "../../../server/execution/call.ts";
import { RefList } from "../../../structures/set/ref_list.ts";
import { OptionCursor } from "../../arguments/option_cursor.ts";
import { namesManyKeys } from "./key_pattern.ts";

const FIRST_OPTION = 2;
const cursor = new OptionCursor();

/** The keys of such an option are not known before the elements are: all of them have to be open. */
function denied(option: string): ErrorReply {
  return new ErrorReply(
    `ERR ${option} option of SORT denied due to insufficient ACL permissions.`,
  );
}

/** The options of one call. Arguments are known by their index; 0 is none. */
export class SortOptions {
  isDescending = false;
  isAlphabetic = false;
  /** Whether the elements are wanted as they are: BY, once, had a pattern that names one key. */
  isUnsorted = false;
  /** Ranks of the first element to be told and behind the last, of so many: see `limitTo`. */
  from = 0;
  to = 0;
  /** Argument that is the pattern of BY. */
  by = 0;
  /** Argument that is the key of STORE. */
  store = 0;
  /** Arguments that are patterns of GET, in order. */
  readonly gets: RefList = new RefList();
  #offset = 0;
  #count = -1;

  /**
   * Reads the options of a call; of what is given more than once, the last. O(arguments).
   *
   * @throws {ErrorReply}
   */
  read(call: Call, takesStore: boolean): void {
    this.#reset();
    cursor.begin(call.args, FIRST_OPTION);
    while (cursor.hasMore) {
      if (cursor.flag("ASC")) this.isDescending = false;
      else if (cursor.flag("DESC")) this.isDescending = true;
      else if (cursor.flag("ALPHA")) this.isAlphabetic = true;
      else if (cursor.value("LIMIT", 2)) {
        this.#offset = call.integer(cursor.valueAt);
        this.#count = call.integer(cursor.valueAt + 1);
      } else if (takesStore && cursor.value("STORE", 1)) this.store = cursor.valueAt;
      else if (cursor.value("BY", 1)) {
        this.by = cursor.valueAt;
        if (!namesManyKeys(call.args, this.by)) this.isUnsorted = true;
        else if (!call.server.acl.mayReadAllKeys(call)) throw denied("BY");
      } else if (cursor.value("GET", 1)) {
        if (!call.server.acl.mayReadAllKeys(call)) throw denied("GET");
        this.gets.push(cursor.valueAt);
      } else throw SYNTAX_ERROR;
    }
  }

  #reset(): void {
    this.isDescending = false;
    this.isAlphabetic = false;
    this.isUnsorted = false;
    this.by = 0;
    this.store = 0;
    this.gets.clear();
    this.#offset = 0;
    this.#count = -1;
  }

  /** Sets the ranks that are asked for of `elements`. */
  limitTo(elements: number): void {
    this.from = Math.min(Math.max(this.#offset, 0), elements);
    this.to = this.#count < 0 ? elements : Math.min(this.from + this.#count, elements);
  }

  /** Has the elements sorted as texts after all, whatever BY said. */
  sortAlphabetically(): void {
    this.isUnsorted = false;
    this.isAlphabetic = true;
    this.by = 0;
  }
}
