import { basename } from 'node:path';
import type { FunctionDefinition } from '../services.ts';
import {
  functionArnOf,
  numberOf,
  objectOf,
  optionalNumberOf,
  textMapOf,
  textOf,
} from './property-readers.ts';
import type { Resource } from './scope.ts';
import type { Trigger } from './wiring.ts';

/**
 * The product's functions. Those behind custom resources belong to the deployment, and what is not Node cannot
 * run in a worker thread; both are left out.
 */
export function readFunctions(resources: readonly Resource[]): FunctionDefinition[] {
  const providers = new Set(
    resources.map((resource) => resource.property('ServiceToken')).filter((token) => token !== undefined),
  );
  return resources
    .filter(({ type }) => type === 'AWS::Lambda::Function')
    .filter((resource) => textOf(resource.property('Runtime')).startsWith('nodejs'))
    .filter((resource) => !providers.has(resource.attribute('Arn')))
    .map(readFunction);
}

function readFunction(resource: Resource): FunctionDefinition {
  const key = textOf(objectOf(resource.property('Code')).S3Key);
  const assetPath = resource.scope.assets.get(key);
  if (assetPath === undefined)
    throw new Error(
      `Function ${resource.logicalId} has no asset: ${key || 'inline code'} is not in the assembly`,
    );
  return {
    name: resource.ref(),
    arn: resource.attribute('Arn'),
    assetPath,
    assetHash: basename(key).replace(/\.zip$/, ''),
    handler: textOf(resource.property('Handler')),
    timeoutSeconds: numberOf(resource.property('Timeout'), 3),
    memoryMib: numberOf(resource.property('MemorySize'), 128),
    reservedConcurrency: optionalNumberOf(resource.property('ReservedConcurrentExecutions')),
    environment: textMapOf(objectOf(resource.property('Environment')).Variables),
  };
}

/** Functions to invoke at deployment, each after the triggers it depends on. */
export function readTriggers(resources: readonly Resource[]): Trigger[] {
  const byStack = new Map<unknown, Map<string, Resource>>();
  for (const resource of resources)
    byStack.set(resource.scope, (byStack.get(resource.scope) ?? new Map()).set(resource.logicalId, resource));
  const ordered = new Set<Resource>();
  const visited = new Set<Resource>();
  const visit = (resource: Resource) => {
    if (visited.has(resource)) return;
    visited.add(resource);
    for (const id of resource.dependsOn) {
      const needed = byStack.get(resource.scope)?.get(id);
      if (needed) visit(needed);
    }
    if (resource.type === 'Custom::Trigger') ordered.add(resource);
  };
  for (const resource of resources) visit(resource);
  return [...ordered].map((resource) => ({
    id: resource.logicalId,
    functionArn: functionArnOf(resource.property('HandlerArn')),
  }));
}
