/** Levels of the tree of locations, the roots being the first. */
export const MOST_LEVELS = 8;

/** Locations within locations, as a batch of changes leaves them. */
export interface LocationTree {
  /** Puts a location into another, or says why it cannot lie there and changes nothing. Both must be there. */
  move(id: string, parentId: string | null): string | undefined;
}

/** The tree of some locations, given as `[id, parent]`. */
export function locationTree(locations: Iterable<readonly [string, string | null]>): LocationTree {
  const parents = new Map<string, string | null>(locations);
  const children = new Map<string, Set<string>>();
  const link = (id: string, parentId: string | null) => {
    if (parentId === null) return;
    const siblings = children.get(parentId) ?? new Set();
    children.set(parentId, siblings.add(id));
  };
  for (const [id, parentId] of parents) link(id, parentId);

  const levelsBelow = (id: string): number => {
    let deepest = 0;
    for (const child of children.get(id) ?? []) deepest = Math.max(deepest, levelsBelow(child));
    return deepest + 1;
  };
  return {
    move(id, parentId) {
      let levels = 0;
      for (let above = parentId; above !== null; above = parents.get(above)!) {
        if (!parents.has(above)) return 'is no known location';
        if (above === id) return 'is the location itself or a part of it';
        levels++;
      }
      if (levels + levelsBelow(id) > MOST_LEVELS)
        return `would make the tree deeper than ${MOST_LEVELS} levels`;
      const old = parents.get(id) ?? null;
      if (old !== null) children.get(old)?.delete(id);
      parents.set(id, parentId);
      link(id, parentId);
      return undefined;
    },
  };
}
