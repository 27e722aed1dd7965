/** Arguments that searches have in common, as COMMAND DOCS describes them. */

import type { ArgumentDeclaration } from "../registry.ts";
import { UNIT } from "./units.ts";

const pureToken = (name: string): ArgumentDeclaration => ({
  name: name.toLowerCase(),
  type: "pure-token",
  token: name,
});

/** `longitude latitude` */
export const COORDINATES: readonly ArgumentDeclaration[] = [
  { name: "longitude", type: "double" },
  { name: "latitude", type: "double" },
];

/** `[ASC | DESC]` */
export const ORDER: ArgumentDeclaration = {
  name: "order",
  type: "oneof",
  optional: true,
  arguments: [pureToken("ASC"), pureToken("DESC")],
};

/** `[COUNT count [ANY]]` */
export function countArgument(anySince?: string): ArgumentDeclaration {
  const any = { ...pureToken("ANY"), optional: true };
  return {
    name: "count-block",
    type: "block",
    optional: true,
    arguments: [
      { name: "count", type: "integer", token: "COUNT" },
      anySince === undefined ? any : { ...any, since: anySince },
    ],
  };
}

/** `[WITHCOORD] [WITHDIST] [WITHHASH]` */
export const DETAILS: readonly ArgumentDeclaration[] = ["WITHCOORD", "WITHDIST", "WITHHASH"]
  .map((name) => ({ ...pureToken(name), optional: true }));

/** `FROMMEMBER member | FROMLONLAT longitude latitude`, `BYRADIUS … | BYBOX …` */
export const AREA: readonly ArgumentDeclaration[] = [
  {
    name: "from",
    type: "oneof",
    arguments: [
      { name: "member", type: "string", token: "FROMMEMBER" },
      { name: "fromlonlat", type: "block", token: "FROMLONLAT", arguments: COORDINATES },
    ],
  },
  {
    name: "by",
    type: "oneof",
    arguments: [
      {
        name: "circle",
        type: "block",
        arguments: [{ name: "radius", type: "double", token: "BYRADIUS" }, UNIT],
      },
      {
        name: "box",
        type: "block",
        arguments: [
          { name: "width", type: "double", token: "BYBOX" },
          { name: "height", type: "double" },
          UNIT,
        ],
      },
    ],
  },
];
