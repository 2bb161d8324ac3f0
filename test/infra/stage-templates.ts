import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type StageName, stageConfig } from '../../infra/config.ts';
import { createApp } from '../../infra/create-app.ts';

export const STACK_NAMES = ['data', 'pipeline', 'api', 'watch'] as const;
export type StackName = (typeof STACK_NAMES)[number];

export interface Resource {
  readonly stack: StackName;
  readonly id: string;
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is any JSON, and the assertions say what they expect of it
  readonly Properties: Record<string, any>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
}

/** The synthesized templates of one stage, which the test may read resource by resource. */
export interface StageTemplates {
  readonly directory: string;
  readonly files: readonly string[];
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<StackName, Readonly<Record<string, { readonly Value: unknown }>>>>;
  ofType(type: string): readonly Resource[];
  one(stack: StackName, id: string): Resource;
  [Symbol.dispose](): void;
}

/** Synthesizes a stage, cdk-nag included, with placeholders for the code, so that nothing is bundled. */
export function synthesizeTemplates(stage: StageName): StageTemplates {
  const directory = mkdtempSync(join(tmpdir(), 'smart-inventory-templates-'));
  const { app } = createApp({
    config: stageConfig(stage),
    outdir: directory,
    codeOf: () => Code.fromInline('exports.handler = async () => undefined;'),
  });
  app.synth();
  const files = STACK_NAMES.map((name) => join(directory, `smart-inventory-${stage}-${name}.template.json`));
  const templates = files.map((file) => JSON.parse(readFileSync(file, 'utf8')));
  const resources = STACK_NAMES.flatMap((stack, i) =>
    Object.entries(templates[i].Resources as Record<string, Omit<Resource, 'id' | 'stack'>>).map(
      ([id, resource]): Resource => ({ ...resource, stack, id, Properties: resource.Properties ?? {} }),
    ),
  );
  return {
    directory,
    files,
    resources,
    outputs: Object.fromEntries(
      STACK_NAMES.map((stack, i) => [stack, templates[i].Outputs ?? {}]),
    ) as StageTemplates['outputs'],
    ofType: (type) => resources.filter((resource) => resource.Type === type),
    one: (stack, id) => {
      const found = resources.find((resource) => resource.stack === stack && resource.id === id);
      if (!found) throw new Error(`no resource ${id} in ${stack}`);
      return found;
    },
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Logical id that a Ref or Fn::GetAtt names. */
export function target(value: unknown): string | undefined {
  const reference = value as { Ref?: string; 'Fn::GetAtt'?: [string, string] } | undefined;
  return reference?.Ref ?? reference?.['Fn::GetAtt']?.[0];
}

/** What grants a right: IAM statements of policies and of resource policies. */
export interface Statement {
  readonly owner: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly unknown[];
}

/** Every Allow of the roles' policies. */
export function statementsOf(templates: StageTemplates): readonly Statement[] {
  const list = <T>(value: T | readonly T[]) => (Array.isArray(value) ? value : [value]) as readonly T[];
  return templates.ofType('AWS::IAM::Policy').flatMap((policy) =>
    list(policy.Properties.PolicyDocument.Statement).map((statement) => ({
      owner: target(policy.Properties.Roles[0]) ?? '',
      Effect: statement.Effect as string,
      Action: list(statement.Action as string),
      Resource: list(statement.Resource as unknown),
    })),
  );
}
