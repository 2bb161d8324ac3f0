import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes minutes though its file is short. */
const LONG = [
  'test/system/main-job.test.ts',
  'test/infra/local/sample.test.ts',
  'test/functions/ingest/ingest-resume.test.ts',
  'test/faults/faults.test.ts',
];

/** Starts what is known to take longest first, so that no worker ends long after the other; then as Vitest does. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => Number(LONG.some((file) => moduleId.endsWith(file)));
    return (await super.sort(files)).sort((one, other) => isLong(other) - isLong(one));
  }
}
