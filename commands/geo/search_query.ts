/**
 * A search as arguments ask for it: the area, and what is wanted of what is found there. One object is
 * read from one call after another.
 *
 * ```
 * GEORADIUS          key  longitude latitude  radius unit  options      area by place
 * GEORADIUSBYMEMBER  key  member              radius unit  options
 * GEOSEARCH          key  options                                       area by options
 * GEOSEARCHSTORE     destination source  options
 * ```
 *
 * As in Redis, the key is looked up before any argument is read, and a member's point while they are.
 */

import type { Arguments } from "../../protocol/arguments.ts";
import type { Call } from "../../server/execution/call.ts";
import { ErrorReply, SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import { SearchArea } from "../../structures/geo/search_area.ts";
import type { SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import { OptionCursor } from "../arguments/option_cursor.ts";
import { readMemberPoint, readPoint } from "./points.ts";
import { lengthArgument, metersPerUnit } from "./units.ts";

const BAD_MEMBER = new ErrorReply("ERR could not decode requested zset member");
const BAD_RADIUS = new ErrorReply("ERR need numeric radius");
const BAD_WIDTH = new ErrorReply("ERR need numeric width");
const BAD_HEIGHT = new ErrorReply("ERR need numeric height");
const NEGATIVE_RADIUS = new ErrorReply("ERR radius cannot be negative");
const NEGATIVE_SIDE = new ErrorReply("ERR height or width cannot be negative");
const BAD_COUNT = new ErrorReply("ERR COUNT must be > 0");
const ANY_OF_ALL = new ErrorReply("ERR the ANY argument requires COUNT argument");
const TELLS_AND_STORES = " is not compatible with WITHDIST, WITHHASH and WITHCOORD options";
const RADIUS_STORES = new ErrorReply(`ERR STORE option in GEORADIUS${TELLS_AND_STORES}`);
const SEARCH_STORES = new ErrorReply(`ERR GEOSEARCHSTORE${TELLS_AND_STORES}`);

/** How the area is given. */
export const AreaBy = {
  /** A point and a radius, in their places. */
  Point: 0,
  /** A member and a radius, in their places. */
  Member: 1,
  /** Options. */
  Options: 2,
} as const;
export type AreaBy = typeof AreaBy[keyof typeof AreaBy];

/** Whether the result is stored. */
export const Storing = {
  Never: 0,
  /** STORE and STOREDIST name a key. */
  Option: 1,
  /** Argument 1 does, and STOREDIST stands alone. */
  Always: 2,
} as const;
export type Storing = typeof Storing[keyof typeof Storing];

/** In which order the result is. */
export const Order = { Found: 0, NearestFirst: 1, FarthestFirst: 2 } as const;
export type Order = typeof Order[keyof typeof Order];

/** What options have said of the area. */
const NONE = 0;
const BY_MEMBER = 1;
const BY_POINT = 2;
const CIRCLE = 1;
const BOX = 2;

const options = new OptionCursor();

/** See the top of the file. */
export class SearchQuery {
  readonly area = new SearchArea();
  withDistance = false;
  withHash = false;
  withCoordinates = false;
  /** How many elements at the most. */
  count = Infinity;
  /** Whether any will do, not the nearest. */
  any = false;
  order: Order = Order.Found;
  /** Argument that names the key for the result, 0 for a reply. */
  storeAt = 0;
  /** Whether distances are stored in place of the scores. */
  storesDistances = false;
  #center = NONE;
  #shape = NONE;

  constructor(readonly by: AreaBy, readonly storing: Storing) {}

  /**
   * Reads a call's arguments from the one behind the key on.
   *
   * @param set what the key holds; where that is undefined, no member is looked for
   * @throws {ErrorReply} where the arguments make no search
   */
  read(call: Call, set: SortedSet | undefined): void {
    this.withDistance = false;
    this.withHash = false;
    this.withCoordinates = false;
    this.count = Infinity;
    this.any = false;
    this.order = Order.Found;
    this.storeAt = this.storing === Storing.Always ? 1 : 0;
    this.storesDistances = false;
    this.#center = NONE;
    this.#shape = NONE;
    this.#readOptions(call, set, this.#readPlaces(call, set));
    this.#check(call);
  }

  /** Reads what stands in its place. @returns the first argument behind */
  #readPlaces(call: Call, set: SortedSet | undefined): number {
    const { args } = call;
    if (this.by === AreaBy.Point) {
      readPoint(args, 2, this.area.center);
      this.#readCircle(call, 4);
      return 6;
    }
    if (this.by === AreaBy.Member) {
      if (set !== undefined) {
        this.#readMember(call, set, 2);
        this.#readCircle(call, 3);
      }
      return 5;
    }
    return this.storing === Storing.Always ? 3 : 2;
  }

  #readMember({ args }: Call, set: SortedSet, i: number): void {
    if (!readMemberPoint(set, args, i, this.area.center)) throw BAD_MEMBER;
  }

  #readCircle({ args }: Call, i: number): void {
    const { area } = this;
    area.isBox = false;
    area.radius = lengthArgument(args, i, BAD_RADIUS);
    if (area.radius < 0) throw NEGATIVE_RADIUS;
    area.metersPerUnit = metersPerUnit(args, i + 1);
  }

  #readBox({ args }: Call, i: number): void {
    const { area } = this;
    area.isBox = true;
    area.width = lengthArgument(args, i, BAD_WIDTH);
    area.height = lengthArgument(args, i + 1, BAD_HEIGHT);
    if (area.width < 0 || area.height < 0) throw NEGATIVE_SIDE;
    area.metersPerUnit = metersPerUnit(args, i + 2);
  }

  #readOptions(call: Call, set: SortedSet | undefined, from: number): void {
    options.begin(call.args, from);
    while (options.hasMore) {
      if (options.flag("WITHDIST")) this.withDistance = true;
      else if (options.flag("WITHHASH")) this.withHash = true;
      else if (options.flag("WITHCOORD")) this.withCoordinates = true;
      else if (options.flag("ANY")) this.any = true;
      else if (options.flag("ASC")) this.order = Order.NearestFirst;
      else if (options.flag("DESC")) this.order = Order.FarthestFirst;
      else if (options.value("COUNT", 1)) {
        this.count = call.integer(options.valueAt);
        if (this.count <= 0) throw BAD_COUNT;
      } else if (!this.#readStore() && !this.#readArea(call, set)) throw SYNTAX_ERROR;
    }
  }

  /** Reads an option that says where the result goes, if there is one. */
  #readStore(): boolean {
    if (this.storing === Storing.Always) {
      if (!options.flag("STOREDIST")) return false;
      this.storesDistances = true;
      return true;
    }
    if (this.storing === Storing.Never) return false;
    const storesDistances = options.value("STOREDIST", 1);
    if (!storesDistances && !options.value("STORE", 1)) return false;
    this.storesDistances = storesDistances;
    this.storeAt = options.valueAt;
    return true;
  }

  /** Reads an option that says what the area is, if there is one that goes with those before. */
  #readArea(call: Call, set: SortedSet | undefined): boolean {
    if (this.by !== AreaBy.Options) return false;
    if (this.#center !== BY_POINT && options.value("FROMMEMBER", 1)) {
      if (set !== undefined) this.#readMember(call, set, options.valueAt);
      this.#center = BY_MEMBER;
    } else if (this.#center !== BY_MEMBER && options.value("FROMLONLAT", 2)) {
      readPoint(call.args, options.valueAt, this.area.center);
      this.#center = BY_POINT;
    } else if (this.#shape !== BOX && options.value("BYRADIUS", 2)) {
      this.#readCircle(call, options.valueAt);
      this.#shape = CIRCLE;
    } else if (this.#shape !== CIRCLE && options.value("BYBOX", 3)) {
      this.#readBox(call, options.valueAt);
      this.#shape = BOX;
    } else return false;
    return true;
  }

  /** Looks whether what was read makes a search. */
  #check({ args }: Call): void {
    const tells = this.withDistance || this.withHash || this.withCoordinates;
    if (this.storeAt !== 0 && tells) {
      throw this.storing === Storing.Always ? SEARCH_STORES : RADIUS_STORES;
    }
    if (this.by === AreaBy.Options) {
      if (this.#center === NONE) throw missing("FROMMEMBER or FROMLONLAT", args);
      if (this.#shape === NONE) throw missing("BYRADIUS and BYBOX", args);
    }
    if (this.any && this.count === Infinity) throw ANY_OF_ALL;
  }
}

/** What is thrown where none of two options was given. */
function missing(both: string, args: Arguments): ErrorReply {
  const name = args.quoted(0);
  return new ErrorReply(`ERR exactly one of ${both} can be specified for ${name}`);
}
