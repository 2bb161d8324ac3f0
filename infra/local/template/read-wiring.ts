import { readAssembly, type StackTemplate } from './assembly.ts';
import type { WiringOptions } from './options.ts';
import { readHttpApis, readWebSocketApis } from './read-apis.ts';
import { readBuckets } from './read-buckets.ts';
import { readClusters, readSecrets } from './read-database.ts';
import { readBuses, readRules, readSchedules } from './read-events.ts';
import { readFunctions, readTriggers } from './read-functions.ts';
import { readEventSourceMappings, readQueues } from './read-queues.ts';
import { readUserPools } from './read-user-pools.ts';
import { IGNORED_TYPES, WIRED_TYPES } from './resource-types.ts';
import { rewriterOf } from './rewriter.ts';
import { type Neighbours, StackScope } from './scope.ts';
import type { Output, Wiring } from './wiring.ts';

/** Reads the synthesized templates of a cloud assembly: the only wiring that the local runtime has. */
export function readWiring(assemblyFolder: string, options: WiringOptions): Wiring {
  return wiringOf(readAssembly(assemblyFolder), options);
}

/** The wiring of stacks that are in memory. */
export function wiringOf(stacks: readonly StackTemplate[], options: WiringOptions): Wiring {
  const scopes = scopesOf(stacks, options);
  const resources = scopes.flatMap((scope) => scope.resources());
  return {
    queues: readQueues(resources),
    buckets: readBuckets(resources),
    functions: readFunctions(resources),
    eventSourceMappings: readEventSourceMappings(resources),
    buses: readBuses(resources),
    rules: readRules(resources),
    schedules: readSchedules(resources),
    clusters: readClusters(resources),
    secrets: readSecrets(resources),
    httpApis: readHttpApis(resources),
    webSocketApis: readWebSocketApis(resources),
    userPools: readUserPools(resources),
    triggers: readTriggers(resources),
    outputs: scopes.flatMap(outputsOf),
    unknown: resources
      .filter(({ type }) => !WIRED_TYPES.has(type) && !IGNORED_TYPES.has(type))
      .map(({ scope, logicalId, type }) => ({ stack: scope.name, logicalId, type })),
  };
}

function scopesOf(stacks: readonly StackTemplate[], options: WiringOptions): StackScope[] {
  const scopes: StackScope[] = [];
  const neighbours: Neighbours = {
    scopes,
    sharedIds: sharedIdsOf(stacks),
    rewrite: rewriterOf(stacks, options),
  };
  for (const stack of stacks) scopes.push(new StackScope(stack, options, neighbours));
  return scopes;
}

function sharedIdsOf(stacks: readonly StackTemplate[]): Set<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { template } of stacks) {
    for (const [id, { Type }] of Object.entries(template.Resources ?? {})) {
      const key = `${Type} ${id}`;
      if (seen.has(key)) shared.add(key);
      seen.add(key);
    }
  }
  return shared;
}

function outputsOf(scope: StackScope): Output[] {
  return scope.outputs().map(({ key, description, value }) => ({
    stack: scope.name,
    key,
    description,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }));
}
