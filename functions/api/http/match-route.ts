/** What a path matched: the routes of that path, one for each method, and its parameters. */
export interface PathMatch<R> {
  readonly routes: readonly R[];
  readonly params: Readonly<Record<string, string>>;
}

/** The routes of a path, a literal segment before a parameter. A slash at the end changes nothing. */
export function matchRoutes<R extends { readonly path: string }>(
  routes: readonly R[],
  path: string,
): PathMatch<R> | undefined {
  const asked = segmentsOf(path);
  let best: { params: Record<string, string>; path: string; rank: string } | undefined;
  for (const route of routes) {
    const fit = fitPath(segmentsOf(route.path), asked);
    if (fit && (!best || fit.rank < best.rank)) best = { ...fit, path: route.path };
  }
  return best && { params: best.params, routes: routes.filter((route) => route.path === best.path) };
}

const segmentsOf = (path: string) => path.replace(/\/+$/, '').split('/');

function fitPath(
  pattern: readonly string[],
  asked: readonly string[],
): { params: Record<string, string>; rank: string } | undefined {
  if (pattern.length !== asked.length) return undefined;
  const params: Record<string, string> = {};
  let rank = '';
  for (const [i, expected] of pattern.entries()) {
    const given = asked[i]!;
    const name = /^\{(\w+)\}$/.exec(expected)?.[1];
    if (name === undefined && expected !== given) return undefined;
    if (name !== undefined) {
      if (given === '') return undefined;
      params[name] = given;
    }
    rank += name === undefined ? '0' : '1';
  }
  return { params, rank };
}
