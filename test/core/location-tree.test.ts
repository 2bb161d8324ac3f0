import fc from 'fast-check';
import { expect, test } from 'vitest';
import { locationTree, MOST_LEVELS } from '../../shared/core/inventory/location-tree.ts';

const ids = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K'];
const move = fc.tuple(fc.constantFrom(...ids), fc.option(fc.constantFrom(...ids, 'unknown'), { nil: null }));

test('whatever is moved where: what is accepted leaves a tree of at most eight levels', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      const tree = locationTree(ids.map((id) => [id, null]));
      const parents = new Map<string, string | null>(ids.map((id) => [id, null]));
      for (const [id, parent] of moves) {
        const reason = tree.move(id, parent);
        if (reason === undefined) parents.set(id, parent);
        else expect(parent).not.toBeNull();
      }
      for (const id of ids) {
        let levels = 1;
        for (let above = parents.get(id)!; above !== null; above = parents.get(above)!) {
          levels++;
          expect(levels).toBeLessThanOrEqual(MOST_LEVELS);
        }
      }
    }),
  );
});

test('a branch is refused where it would reach too deep, and taken one level higher', () => {
  const chain = ids.slice(0, 7).map((id, n) => [id, n === 0 ? null : ids[n - 1]!] as const);
  const tree = locationTree([...chain, ['X', null], ['Y', 'X']]);
  expect(tree.move('X', 'G')).toMatch(/deeper/);
  expect(tree.move('X', 'F')).toBeUndefined();
  expect(tree.move('A', 'Y')).toMatch(/part of it/);
});
