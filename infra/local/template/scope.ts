import { ACCOUNT, REGION } from '../account.ts';
import type { StackTemplate, TemplateResource } from './assembly.ts';
import { evaluate, type Lookups, NO_VALUE } from './intrinsics.ts';
import type { WiringOptions } from './options.ts';
import { type PhysicalNames, physicalNames } from './physical-names.ts';

/** One resource that exists, with its properties resolved on demand. */
export interface Resource {
  readonly scope: StackScope;
  readonly logicalId: string;
  readonly type: string;
  readonly dependsOn: readonly string[];
  /** A property, resolved; undefined where the template has none. */
  property(name: string): unknown;
  ref(): string;
  attribute(name: string): string;
}

/** What stacks know of each other. */
export interface Neighbours {
  /** The stacks that were read, in their order. */
  readonly scopes: readonly StackScope[];
  /** Resource ids of a type that more than one stack uses. */
  readonly sharedIds: ReadonlySet<string>;
  rewrite(text: string): string;
}

/** The references of one stack, resolved lazily and once. */
export class StackScope implements Lookups {
  readonly name: string;
  readonly assets: ReadonlyMap<string, string>;
  readonly #stack: StackTemplate;
  readonly #options: WiringOptions;
  readonly #neighbours: Neighbours;
  readonly #known = new Map<string, unknown>();
  readonly #open: string[] = [];

  constructor(stack: StackTemplate, options: WiringOptions, neighbours: Neighbours) {
    this.name = stack.name;
    this.assets = stack.assets;
    this.#stack = stack;
    this.#options = options;
    this.#neighbours = neighbours;
  }

  /** The resources whose condition holds, in the order of the template. */
  resources(): Resource[] {
    return Object.entries(this.#stack.template.Resources ?? {})
      .filter(([, resource]) => resource.Condition === undefined || this.condition(resource.Condition))
      .map(([id, resource]) => this.#view(id, resource));
  }

  resource(id: string): Resource {
    const resource = this.#stack.template.Resources?.[id];
    if (!resource) throw new Error(`Stack ${this.name} has no resource or parameter ${id}`);
    if (resource.Condition !== undefined && !this.condition(resource.Condition))
      throw new Error(`${id} of stack ${this.name} does not exist: its condition is false`);
    return this.#view(id, resource);
  }

  outputs(): { key: string; description: string; value: unknown }[] {
    return Object.entries(this.#stack.template.Outputs ?? {})
      .filter(([, output]) => output.Condition === undefined || this.condition(output.Condition))
      .map(([key, output]) => ({
        key,
        description: output.Description ?? '',
        value: this.#once(`output ${key}`, () => evaluate(output.Value, this)),
      }));
  }

  ref(id: string): unknown {
    const pseudo = this.#pseudo(id);
    if (pseudo !== undefined) return pseudo;
    const parameter = this.#stack.template.Parameters?.[id];
    if (parameter) return parameter.Default ?? '';
    return this.resource(id).ref();
  }

  attribute(id: string, name: string): unknown {
    return this.resource(id).attribute(name);
  }

  condition(name: string): boolean {
    const expression = this.#stack.template.Conditions?.[name];
    if (expression === undefined) throw new Error(`Stack ${this.name} has no condition ${name}`);
    return this.#once(`condition ${name}`, () => evaluate(expression, this)) === true;
  }

  /** The value of an export of this stack, or undefined. */
  exported(exportName: string): unknown {
    for (const [key, output] of Object.entries(this.#stack.template.Outputs ?? {})) {
      if (output.Export && evaluate(output.Export.Name, this) === exportName) return this.output(key);
    }
    return undefined;
  }

  output(key: string): unknown {
    const output = this.#stack.template.Outputs?.[key];
    if (!output) throw new Error(`Stack ${this.name} has no output ${key}`);
    return this.#once(`output ${key}`, () => evaluate(output.Value, this));
  }

  importValue(exportName: string): unknown {
    for (const scope of this.#neighbours.scopes) {
      const value = scope.exported(exportName);
      if (value !== undefined) return value;
    }
    throw new Error(`No stack exports ${exportName}`);
  }

  stackOutput(stackName: string, outputName: string): unknown {
    const scope = this.#neighbours.scopes.find((candidate) => candidate.name === stackName);
    if (!scope) throw new Error(`There is no stack ${stackName}`);
    return scope.output(outputName);
  }

  mapping(map: string, first: string, second: string): unknown {
    const value = this.#stack.template.Mappings?.[map]?.[first]?.[second];
    if (value === undefined) throw new Error(`Mapping ${map} has nothing at ${first}, ${second}`);
    return value;
  }

  availabilityZones(): readonly string[] {
    return ['a', 'b', 'c'].map((zone) => REGION + zone);
  }

  rewrite(text: string): string {
    return this.#neighbours.rewrite(text);
  }

  #pseudo(name: string): unknown {
    switch (name) {
      case 'AWS::AccountId':
        return ACCOUNT;
      case 'AWS::Region':
        return REGION;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::StackName':
        return this.name;
      case 'AWS::StackId':
        return `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${this.name}/local`;
      case 'AWS::NotificationARNs':
        return [];
      case 'AWS::NoValue':
        return NO_VALUE;
      default:
        return undefined;
    }
  }

  #view(id: string, resource: TemplateResource): Resource {
    const names = () => this.#once(`names ${id}`, () => this.#names(id, resource)) as PhysicalNames;
    const property = (name: string) => {
      const value = resource.Properties?.[name];
      if (value === undefined) return undefined;
      const resolved = this.#once(`${id}/${name}`, () => evaluate(value, this));
      return resolved === NO_VALUE ? undefined : resolved;
    };
    return {
      scope: this,
      logicalId: id,
      type: resource.Type,
      dependsOn: [resource.DependsOn ?? []].flat(),
      property,
      ref: () => this.rewrite(names().ref()),
      attribute: (name) => {
        const attribute = names().attributes[name];
        if (!attribute) throw new Error(`${resource.Type} ${id} has no attribute ${name} here`);
        return this.rewrite(attribute());
      },
    };
  }

  #names(id: string, resource: TemplateResource): PhysicalNames {
    const isShared = this.#neighbours.sharedIds.has(`${resource.Type} ${id}`);
    return physicalNames(resource.Type, {
      localId: isShared ? `${this.name}-${id}` : id,
      edgeBase: this.#options.edgeBase,
      property: (name) => this.#view(id, resource).property(name),
    });
  }

  #once(key: string, make: () => unknown): unknown {
    if (this.#known.has(key)) return this.#known.get(key);
    if (this.#open.includes(key))
      throw new Error(`Circular reference in stack ${this.name}: ${[...this.#open, key].join(' -> ')}`);
    this.#open.push(key);
    try {
      const value = make();
      this.#known.set(key, value);
      return value;
    } finally {
      this.#open.pop();
    }
  }
}
