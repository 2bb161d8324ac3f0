import { App } from 'aws-cdk-lib';
import { stageConfig } from './config.ts';
import { synthesize } from './synth.ts';

// What the CDK command line runs. Its context says which stage, and App knows where it wants the assembly.
const asked = new App({ autoSynth: false });
const { stage } = stageConfig(asked.node.tryGetContext('stage') ?? 'dev');
await synthesize({ stage, outdir: asked.outdir, isThorough: true });
