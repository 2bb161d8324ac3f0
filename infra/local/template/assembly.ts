import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** One resource as the template writes it, references unresolved. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
}

export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Outputs?: Readonly<
    Record<
      string,
      {
        readonly Value: unknown;
        readonly Description?: string;
        readonly Condition?: string;
        readonly Export?: { readonly Name: unknown };
      }
    >
  >;
}

export interface StackTemplate {
  readonly name: string;
  readonly template: Template;
  /** Folder or file of each asset, by its key in the asset bucket. */
  readonly assets: ReadonlyMap<string, string>;
}

interface Artifact {
  readonly type: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
  };
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

/** Reads a synthesized cloud assembly: every stack, nested assemblies included, each after those it depends on. */
export function readAssembly(folder: string): StackTemplate[] {
  const assets = readAssets(folder);
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest)) {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.template.json'))
      .sort()
      .map((file) => readStack(folder, file, file.slice(0, -'.template.json'.length), assets));
  }
  const artifacts = readJson<{ artifacts?: Record<string, Artifact> }>(manifest).artifacts ?? {};
  const stacks: StackTemplate[] = [];
  for (const id of inOrder(artifacts)) {
    const { type, properties } = artifacts[id]!;
    if (type === 'aws:cloudformation:stack' && properties?.templateFile)
      stacks.push(readStack(folder, properties.templateFile, properties.stackName ?? id, assets));
    if (type === 'cdk:cloud-assembly' && properties?.directoryName)
      stacks.push(...readAssembly(join(folder, properties.directoryName)));
  }
  return stacks;
}

function readStack(
  folder: string,
  file: string,
  name: string,
  assets: ReadonlyMap<string, string>,
): StackTemplate {
  return { name, template: readJson<Template>(join(folder, file)), assets };
}

function readAssets(folder: string): Map<string, string> {
  const paths = new Map<string, string>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.assets.json'))) {
    for (const asset of Object.values(readJson<AssetManifest>(join(folder, file)).files ?? {})) {
      if (!asset.source.path) continue;
      for (const destination of Object.values(asset.destinations))
        paths.set(destination.objectKey, resolve(folder, asset.source.path));
    }
  }
  return paths;
}

function inOrder(artifacts: Readonly<Record<string, Artifact>>): string[] {
  const ordered = new Set<string>();
  const visit = (id: string, above: readonly string[]) => {
    if (ordered.has(id) || !artifacts[id]) return;
    if (above.includes(id)) throw new Error(`Artifacts depend on each other: ${[...above, id].join(' -> ')}`);
    for (const needed of artifacts[id].dependencies ?? []) visit(needed, [...above, id]);
    ordered.add(id);
  };
  for (const id of Object.keys(artifacts)) visit(id, []);
  return [...ordered];
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
