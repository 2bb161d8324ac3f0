import { access, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BuildOptions, type BuildResult, build, type OutputFile, type Plugin } from 'esbuild';
import { FUNCTION_NAMES, type FunctionName } from './functions.ts';

const ROOT = join(import.meta.dirname, '..');

// CommonJS parts of a bundle ask for Node's modules through `require`, which ESM does not have
const REQUIRE_BANNER = `import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);`;

/**
 * Packages that are large and seldom needed: each lies as a module of its own beside the `index.mjs` that asks for it
 * by a dynamic `import`, so that a cold start does not read it.
 */
const APART = ['date-holidays', '@aws-sdk/s3-presigned-post'] as const;

const moduleOf = (name: string): string => `./${name.replace(/^@/, '').replace('/', '-')}.mjs`;

/** Leaves the packages that lie apart out of a bundle. */
const leaveApart: Plugin = {
  name: 'leave-apart',
  setup(building) {
    building.onResolve({ filter: new RegExp(`^(${APART.join('|')})$`) }, ({ path, kind }) =>
      kind === 'entry-point' ? null : { path: moduleOf(path), external: true },
    );
  },
};

export interface BundleOptions {
  /** Receives one folder for each function, with `index.mjs` and what it reads beside itself. */
  readonly outdir: string;
  /** The project whose `functions/` are bundled. */
  readonly root?: string;
  readonly names?: readonly FunctionName[];
}

/**
 * Bundles the functions all at once. The same sources give the same bytes wherever the project lies, so that the hash
 * of a folder says what runs. A function without a handler fails it by name.
 */
export async function bundleFunctions({
  outdir,
  root = ROOT,
  names = FUNCTION_NAMES,
}: BundleOptions): Promise<void> {
  for (const name of names) await mustExist(join(root, 'functions', name, 'handler.ts'), name);
  const plain = await bundle(root, names, '');
  const needy = names.filter((name) => needsRequire(plain, name));
  const bannered = needy.length > 0 ? await bundle(root, needy, REQUIRE_BANNER) : undefined;
  await rm(outdir, { recursive: true, force: true });
  for (const name of names) {
    const built = needy.includes(name) && bannered ? bannered : plain;
    const folder = join(outdir, name);
    await mkdir(folder, { recursive: true });
    for (const file of filesOf(built, name))
      await writeFile(join(folder, baseName(file.path)), file.contents);
  }
  for (const name of APART) {
    const askers = names.filter((asker) =>
      filesOf(plain, asker).some((file) => file.text.includes(moduleOf(name))),
    );
    const module = askers.length > 0 && (await bundlePackage(root, name));
    for (const asker of module ? askers : [])
      await writeFile(join(outdir, asker, moduleOf(name)), module || '');
  }
  if (names.includes('migrate')) {
    await cp(join(root, 'shared/data/migrations'), join(outdir, 'migrate/migrations'), { recursive: true });
  }
  if (names.includes('api') && (await exists(join(root, 'web/dist')))) {
    await cp(join(root, 'web/dist'), join(outdir, 'api/web'), { recursive: true });
  }
}

type Built = BuildResult<{ write: false }> & { outputFiles: OutputFile[] };

const SHAPE = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  mainFields: ['module', 'main'],
  conditions: ['module'],
  minify: true,
  legalComments: 'none',
  logLevel: 'error',
} satisfies BuildOptions;

function bundle(root: string, names: readonly FunctionName[], banner: string): Promise<Built> {
  return build({
    ...SHAPE,
    write: false,
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: `functions/${name}/handler.ts`, out: `${name}/index` })),
    // never written there: the folder only anchors the relative paths of the source maps
    outdir: join(root, 'cdk.out/bundles'),
    sourcemap: 'linked',
    sourcesContent: false,
    banner: { js: banner },
    plugins: [leaveApart],
  });
}

/** A package as one module. */
async function bundlePackage(root: string, name: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    ...SHAPE,
    write: false,
    absWorkingDir: root,
    entryPoints: [{ in: name, out: name }],
    outdir: join(root, 'cdk.out/bundles'),
    banner: { js: REQUIRE_BANNER },
  });
  return outputFiles[0]!.contents;
}

const filesOf = (built: Built, name: FunctionName) =>
  built.outputFiles.filter((file) => baseName(dirname(file.path)) === name);

const baseName = (path: string) => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

// esbuild leaves this message behind wherever a `require` could not be resolved at build time
const needsRequire = (built: Built, name: FunctionName) =>
  filesOf(built, name).some((file) => file.path.endsWith('.mjs') && file.text.includes('Dynamic require of'));

async function mustExist(path: string, name: FunctionName): Promise<void> {
  if (!(await exists(path))) throw new Error(`function ${name} has no handler: ${path} is missing`);
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
