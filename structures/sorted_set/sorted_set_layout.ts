/**
 * The words of a large sorted set in the arena, shared by all code that reads one.
 *
 * ```
 * root ──▶ nodes ──▶ blocks ──▶ elements ◀── hash table
 * ```
 *
 * Each part is drawn where it is explained: sorted_set_tree.ts, avl_node.ts, avl_block.ts and
 * sorted_set_element.ts.
 */

// Roots.

/** Words of a tree: its topmost node, and the ends of the chain of all nodes. */
export const ROOT = 0;
export const FIRST_NODE = 1;
export const LAST_NODE = 2;
/** Number of nodes. */
export const NODES = 3;

// Nodes.

/** Bytes of a node. */
export const NODE_BYTES = 64;
/** Words of a node: the subtree of lower elements, and of higher ones. */
export const LEFT = 0;
export const RIGHT = 1;
export const PARENT = 2;
/** Elements in the node's subtree, its own included. */
export const COUNT = 3;
/** Number of elements in the upper 30 bits, the AVL balance in the lower 2. */
export const LENGTH_AND_BALANCE = 4;
/** The nodes behind and before this one in the order. */
export const NEXT = 5;
export const PREVIOUS = 6;
/** The block of the node's elements; see avl_block.ts. */
export const BLOCK = 7;
/** Double of a node with the score of its first element, the one at index 0 of the block. */
export const FIRST_SCORE = 4;
/** The first element. */
export const FIRST = 10;
/** Words with the first bytes of that element's member, four each, in the order of members. */
export const BEGINNING = 11;
export const BEGINNING_WORDS = 5;

// Blocks.

/** Bytes of a block. */
export const BLOCK_BYTES = 512;
/** Elements that a block has room for. */
export const BLOCK_CAPACITY = 42;
/** `position & INDEX_MASK` is the element's index in its block, the rest is the block. */
export const INDEX_MASK = 63;
/** Word of a block that refers to its node; see avl_node.ts. */
export const NODE = 0;

// Elements.

/** Word of an element that refers to its block. The score is double 0. */
export const IN_BLOCK = 2;
/** Byte of an element at which its member begins. */
export const MEMBER_AT = 16;
