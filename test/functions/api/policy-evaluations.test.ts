import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { evaluatePolicies } from '../../../functions/train/evaluate-policies.ts';
import type { ClassEvaluation } from '../../../shared/contracts/api/policy-evaluation.ts';
import { TrainTask } from '../../../shared/contracts/messages.ts';
import { seededRandom } from '../../../shared/core/math/random.ts';
import {
  Crash,
  calmDelivery,
  crashingDatabase,
  planThrough,
  plantItems,
  weekly,
} from '../planning/planning-fixture.ts';
import { type Api, openApi } from './api-fixture.ts';

const AS_OF = '2011-12-09';
/** Weeks that waver by a third around their mean, so that service takes stock. */
const wavering = (seed: number, weeks: number) => {
  const random = seededRandom(seed);
  return weekly(
    AS_OF,
    Array.from({ length: weeks }, () => Math.max(1, Math.round(24 + 8 * random.normal()))),
  );
};

let api: Api;
let plans = 0;
const plan = () => planThrough(api.database, `plan-${++plans}`);
const set = (name: string, value: string) =>
  api.database.write(
    `INSERT INTO setting (name, value) VALUES (:name, :value) ON DUPLICATE KEY UPDATE value = VALUES(value)`,
    { name, value },
  );
const ask = (body: unknown = {}, as = 'planner') => api.ask('POST', '/policies/evaluations', { as, body });
const read = async (id: string) =>
  (await api.ask('GET', `/policies/evaluations/${id}`, { as: 'viewer' })).json;
const apply = (id: string, body: unknown = {}, as = 'planner') =>
  api.ask('POST', `/policies/evaluations/${id}/apply`, { as, body });
const task = () => {
  const message = TrainTask.parse(api.sent.at(-1));
  if (message.type !== 'PolicyEvaluationRequested') throw new Error(`a ${message.type} was sent`);
  return message;
};
const classOf = (results: ClassEvaluation[], name: string) => results.find((one) => one.class === name)!;
/** An evaluation from the wish to its end. */
const evaluated = async (body: unknown = {}) => {
  const { status, json } = await ask(body);
  expect(status).toBe(202);
  await evaluatePolicies({ database: api.database }, task(), calmDelivery);
  return read(json.evaluation_id);
};
const suggestedUnits = async () => {
  const rows = await api.database.select(
    z.object({ units: z.coerce.number() }),
    `SELECT COALESCE(SUM(quantity), 0) AS units FROM suggestion WHERE status = 'open'`,
  );
  return rows[0]!.units;
};

beforeAll(async () => {
  api = await openApi({}, { brokenOnPurpose: ['demand', 'ledger'] });
}, 120_000);
afterAll(() => api.close());

describe('before there is a plan', { timeout: 60_000 }, () => {
  it('nothing can be evaluated, and it is said why', async () => {
    const { status, json } = await ask();
    expect(status).toBe(409);
    expect(json.detail).toMatch(/a plan puts them there/);
  });
});

describe('policies of classes by simulated cost', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    await plantItems(api.database, [
      ...Array.from({ length: 10 }, (_, i) => ({
        productId: `P${i}`,
        onHand: 5,
        supplierId: 'S1',
        unitCost: '10',
        demand: wavering(i + 1, 110),
      })),
      // sells so little that it makes a class of its own, too small to tell anything
      { productId: 'RARE', onHand: 0, supplierId: 'S1', demand: wavering(99, 12) },
    ]);
    // keeping is dear, so that much service costs more than it earns
    await set('holding_rate', '3');
    await set('service_level', '0.6');
    await plan();
  }, 240_000);

  it('finds a cheaper policy where keeping is dear, judged on later weeks than it was chosen on', async () => {
    const evaluation = await evaluated();
    expect(evaluation).toMatchObject({ status: 'done', classes_done: 9, as_of: AS_OF, service_level: 0.6 });
    const ax = classOf(evaluation.results, 'AX');
    expect(ax.verdict).toBe('change');
    expect(ax.series).toBeGreaterThanOrEqual(5);
    expect(ax.saving!.low).toBeGreaterThan(0);
    expect(ax.now!.yearly_cost - ax.best!.yearly_cost).toBeCloseTo(ax.saving!.mean, 4);
    expect(ax.best!.average_stock).toBeLessThan(ax.now!.average_stock);
    expect(ax.best!.forecaster).toBe(ax.now!.forecaster);
    expect(ax.standing).toEqual({
      kind: 's-S',
      target: { kind: 'cycle-service', value: 0.98 },
      review_days: 7,
    });
    expect(ax.others.length).toBeGreaterThan(2);
    expect(ax.words).toMatch(/cheaper .* than s-S at cycle-service 0.98/);
    expect(ax.words).toMatch(/only the policy can be applied/);
    expect(evaluation.words).toMatch(/AX/);
  });

  it('says of a class without enough series that it has no evidence, and refuses to set its policy', async () => {
    const evaluation = await evaluated();
    const cz = classOf(evaluation.results, 'CZ');
    expect(cz).toMatchObject({ verdict: 'no-evidence', now: null, best: null });
    expect(cz.words).toMatch(
      /^No evidence: of 1 series 0 were old enough and looked at, and 0 could be replayed/,
    );
    expect(cz.words).toMatch(/1 are too young/);
    expect(classOf(evaluation.results, 'BY').words).toMatch(/nothing to compare/);
    const { status, json } = await apply(evaluation.evaluation_id, { classes: ['CZ'] });
    expect(status).toBe(409);
    expect(json.detail).toMatch(/CZ/);
  });

  it('leaves out what has a policy of its own, which no class decides', async () => {
    const count = async () => classOf((await evaluated({ series_a_class: 1 })).results, 'AX').series_in_class;
    const before = await count();
    const target = { kind: 'fill-rate', value: 0.9 };
    expect((await api.ask('PUT', '/policies/P0/MAIN', { as: 'planner', body: { target } })).status).toBe(200);
    expect(await count()).toBe(before - 1);
    await api.ask('DELETE', '/policies/P0/MAIN', { as: 'planner' });
    expect(await count()).toBe(before);
  });

  it('changes nothing when its message comes twice', async () => {
    const before = await evaluated();
    await evaluatePolicies({ database: api.database }, task(), calmDelivery);
    expect(await read(before.evaluation_id)).toEqual(before);
  });

  it('goes on after a death between two classes, to the same end', async () => {
    const whole = await evaluated();
    const { json } = await ask();
    const message = task();
    let deaths = 0;
    for (let step = 25; (await read(json.evaluation_id)).status === 'running'; step += 10) {
      expect(deaths).toBeLessThan(50);
      try {
        await evaluatePolicies({ database: crashingDatabase(api.database, step) }, message, calmDelivery);
      } catch (error) {
        expect(error).toBeInstanceOf(Crash);
        deaths += 1;
      }
    }
    expect(deaths).toBeGreaterThan(0);
    expect((await read(json.evaluation_id)).results).toEqual(whole.results);
  });

  it('replays fewer series rather than none when time is short, and says so', async () => {
    // a clock that loses ten milliseconds with every look, and has some more than are kept back
    let left = 60_000 + 9 * 80;
    const remainingMs = () => (left -= 10);
    const short = { ...calmDelivery, remainingMs };
    const { json } = await ask();
    await evaluatePolicies({ database: api.database }, task(), short);
    const evaluation = await read(json.evaluation_id);
    expect(evaluation.status).toBe('done');
    const some = classOf(evaluation.results, 'AX');
    expect(some.out_of_time).toBeGreaterThan(0);
    expect(some.series).toBeGreaterThanOrEqual(5);
    expect(some.best).not.toBeNull();
    expect(some.words).toMatch(/series more were not replayed for want of time/);

    left = 0;
    const { json: hurried } = await ask();
    await evaluatePolicies({ database: api.database }, task(), short);
    const ax = classOf((await read(hurried.evaluation_id)).results, 'AX');
    expect(ax).toMatchObject({ verdict: 'no-evidence', series: 0 });
    expect(ax.words).toMatch(/want of time/);
  });

  it('is applied by nobody but a person, once, with its reason in the audit log, and changes the next plan', async () => {
    const { evaluation_id: id, results } = await evaluated();
    const { best, standing } = classOf(results, 'AX');
    const policyOfAx = async () =>
      (await api.ask('GET', '/policies', { as: 'viewer' })).json.data.find(
        (one: { class: string }) => one.class === 'AX',
      );
    expect(await policyOfAx()).toMatchObject({ is_set: false, target: standing.target });
    const before = await suggestedUnits();

    expect((await apply(id)).json).toMatchObject({ evaluation_id: id, changed: ['AX'] });
    const after = await policyOfAx();
    expect(after).toMatchObject({ is_set: true, kind: best!.kind, target: best!.target, review_days: 7 });
    expect(after.why).toMatch(/^simulated: .* cheaper than s-S at cycle-service 0.98 over \d+ series$/);
    expect((await apply(id)).json).toMatchObject({ changed: [], unchanged: ['AX'] });
    const { data } = (await api.ask('GET', '/audit-log?subject=class_policy', { as: 'planner' })).json;
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({ subject_id: 'AX', actor: 'planner', reason: after.why });
    expect(classOf((await read(id)).results, 'AX')).toMatchObject({ applied_by: 'planner' });

    await plan();
    expect(await suggestedUnits()).toBeLessThan(before);

    await api.ask('PUT', '/policies/AX', {
      as: 'planner',
      body: { kind: 'R-S', target: { kind: 'fill-rate', value: 0.9 }, review_days: 7 },
    });
    expect((await policyOfAx()).why).toBe('set by people');
    const { status, json } = await apply(id);
    expect(status).toBe(409);
    expect(json.detail).toMatch(/R-S at fill-rate 0.9/);
  });

  it('is not applied where what stands is to stay, and a doubtful one says by how much it was dearer', async () => {
    await api.ask('DELETE', '/policies/AX', { as: 'planner' });
    const { evaluation_id: id, results } = await evaluated();
    const judge = (verdict: string) =>
      api.database.write(
        `UPDATE policy_evaluation_class
            SET result = JSON_SET(result, '$.verdict', :verdict, '$.saving.mean', -18658.36)
          WHERE evaluation_id = :id AND class = 'AX'`,
        { id, verdict },
      );
    await judge('keep');
    const refused = await apply(id, { classes: ['AX'] });
    expect(refused.status).toBe(409);
    expect(refused.json.detail).toMatch(/The verdict on AX is keep: .* surely dearer/);
    await judge('unclear');
    expect((await apply(id, { classes: ['AX'] })).json).toMatchObject({ changed: ['AX'] });
    const policies = (await api.ask('GET', '/policies', { as: 'viewer' })).json.data;
    expect(policies.find((one: { class: string }) => one.class === 'AX').why).toMatch(
      /is 18658\.36 a year dearer than .* series, not surely so$/,
    );
    await judge('keep');
    expect((await apply(id, { classes: ['AX'] })).json).toMatchObject({ changed: [], unchanged: ['AX'] });
    expect(classOf(results, 'AX').verdict).toBe('change');
  });

  it('draws among the series that are old enough, however many young ones the class has', async () => {
    const young = Array.from({ length: 40 }, (_, i) => ({
      ...{ productId: `NEW${i}`, onHand: 5, supplierId: 'S1', unitCost: '10' },
      demand: wavering(200 + i, 5),
    }));
    const before = classOf((await evaluated()).results, 'AX');
    await plantItems(api.database, young);
    await api.database.write(
      `INSERT INTO series_class (product_id, location_id, class, yearly_value, error_share, since)
       SELECT product_id, 'MAIN', 'AX', 1, 0.1, :asOf FROM products WHERE product_id LIKE 'NEW%'`,
      { asOf: AS_OF },
    );
    const after = classOf((await evaluated({ series_a_class: before.series })).results, 'AX');
    expect(after).toMatchObject({
      series: before.series,
      series_in_class: before.series_in_class + 40,
      too_young: before.too_young + 40,
      now: before.now,
    });
    await api.database.write(`DELETE FROM series_class WHERE product_id LIKE 'NEW%'`, {});
  });

  it('is refused while it runs, by whom it does not concern, and where there is none', async () => {
    const { json } = await ask();
    const { evaluation_id: id } = json;
    expect(json).toMatchObject({ status: 'running', classes_done: 0 });
    expect((await apply(id)).status).toBe(409);
    expect((await apply(id, {}, 'viewer')).status).toBe(403);
    expect((await ask({}, 'viewer')).status).toBe(403);
    expect((await apply('nobody')).status).toBe(404);
    expect((await api.ask('GET', '/policies/evaluations/nobody', { as: 'viewer' })).status).toBe(404);
    expect((await ask({ series_a_class: 201 })).status).toBe(422);
    const list = (await api.ask('GET', '/policies/evaluations?limit=1', { as: 'viewer' })).json;
    expect(list.data).toMatchObject([{ evaluation_id: id }]);
  });

  it('is refused where no series follows the policy of its class', async () => {
    await set('policies', 'uniform');
    const { status, json } = await ask();
    await set('policies', 'by-class');
    expect(status).toBe(409);
    expect(json.detail).toMatch(/uniform/);
  });
});
