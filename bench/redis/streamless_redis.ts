/**
 * ioredis for BullMQ on servers that have no streams: its scripts write their events to lists instead.
 * Everything else of them stays, so their work can be compared on any two servers.
 */

import { Redis } from "ioredis";

const TO_LIST = `local function toList(_, key, ...)
  return redis.call("RPUSH", key, table.concat({...}, " "))
end
`;

export class StreamlessRedis extends Redis {
  override defineCommand(
    name: string,
    definition: { lua: string; numberOfKeys?: number; readOnly?: boolean },
  ): void {
    const lua = definition.lua.replace(/(\brcall|\bredis\.call)\("X(ADD|TRIM)"/g, 'toList("X$2"');
    super.defineCommand(name, { ...definition, lua: TO_LIST + lua });
  }

  override duplicate(override: Record<string, unknown> = {}): Redis {
    return new StreamlessRedis({ ...this.options, ...override, replyMapping: "legacy" });
  }
}
