import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookAtUpload } from '../../../functions/api/imports/look-at-upload.ts';
import { runTask } from '../../../functions/ingest/run-task.ts';
import type { ImportTask, ObjectDropped } from '../../../shared/contracts/messages.ts';
import { openDrops } from '../ingest/drop-file.ts';
import { openApi } from './api-fixture.ts';

let api: Awaited<ReturnType<typeof openApi>>;
let drops: ReturnType<typeof openDrops>;

beforeAll(async () => {
  const first = await openApi();
  drops = openDrops(first.database);
  const put = (filename: string, bytes: Uint8Array): ObjectDropped =>
    drops.put(`drop/${filename}`, Buffer.from(bytes));
  Object.assign(first.needs, {
    uploads: {
      ...first.needs.uploads,
      put: async (filename: string, bytes: Uint8Array) => put(filename, bytes),
      dropped: (object: Omit<ObjectDropped, 'bucket'>) => ({ bucket: 'data', ...object }),
    },
  });
  api = first;
});

afterAll(() => api.close());

const work = async () => {
  for (const task of api.sent.splice(0)) await runTask(drops.needs, task as ImportTask, () => 900_000);
};

const upload = (text: string, as = 'pia planner') => {
  const boundary = 'xyz';
  return api.ask('POST', '/forecast/upload-data', {
    as,
    text: `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="de mand?.csv"\r\nContent-Type: text/csv\r\n\r\n${text}\r\n--${boundary}--\r\n`,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  });
};

test('a small file is looked at at once, imported behind it, and undone with a reason', async () => {
  const answer = await upload('date,category,quantity\n2024-01-02,Lamps,5\n2024-02-03,Chairs,2\n');
  expect(answer.json).toMatchObject({
    success: true,
    records_processed: 2,
    categories_found: ['Chairs', 'Lamps'],
    date_range: { start: '2024-01-02', end: '2024-02-03' },
  });
  expect(answer.status).toBe(202);
  const [key] = [...drops.objects.keys()];
  expect(key).toBe('drop/de mand_.csv');
  const id = answer.json.job_id;
  const waiting = await api.ask('GET', `/imports/${id}`, { as: 'rob viewer' });
  expect([waiting.status, waiting.json]).toEqual([
    200,
    expect.objectContaining({ status: 'queued', object_key: key, progress: null }),
  ]);
  const queued = await api.ask('GET', '/imports?status=queued', { as: 'rob viewer' });
  expect(queued.json.data).toMatchObject([{ id }]);
  await runTask(drops.needs, drops.put(key!, drops.objects.get(key!)!), () => 900_000);
  const report = await api.ask('GET', `/imports/${id}`, { as: 'rob viewer' });
  expect(report.json).toMatchObject({
    status: 'done',
    format: 'category_demand',
    is_dry_run: false,
    content_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    progress: null,
    quality: { is_valid: true, total: 2, error_rate: 0 },
  });

  const refused = await api.ask('POST', `/imports/${id}/undo`, {
    as: 'rob viewer',
    body: { reason: 'wrong' },
  });
  expect(refused.status).toBe(403);
  const undo = await api.ask('POST', `/imports/${id}/undo`, {
    as: 'pia planner',
    body: { reason: 'wrong shop' },
  });
  expect(undo).toMatchObject({
    status: 202,
    json: { status: 'undoing', keeps: expect.stringContaining('products') },
  });
  await work();
  const undone = await api.ask('GET', `/imports/${id}`, { as: 'pia planner' });
  expect(undone.json).toMatchObject({ status: 'undone', undone_by: 'pia', undo_reason: 'wrong shop' });
  expect((await api.ask('POST', `/imports/${id}/retry`, { as: 'pia planner', body: {} })).status).toBe(409);
});

test('a file without a required column is refused by its name, and nothing is dropped', async () => {
  const before = drops.objects.size;
  const answer = await upload('order_date,cat,colour\n2024-01-02,Lamps,red\n');
  expect(answer.status).toBe(422);
  expect(answer.json.errors).toEqual([expect.objectContaining({ field: 'quantity' })]);
  expect(drops.objects.size).toBe(before);
  expect((await upload('date,category,quantity\n2024-01-02,Lamps,5\n', 'rob viewer')).status).toBe(403);
});

test('the body may be the file itself', async () => {
  const text = 'orderdate,units,product_category\n2024-01-05,5,Lamps\n';
  const answer = await api.ask('POST', '/forecast/upload-data', {
    as: 'pia planner',
    text,
    headers: { 'content-type': 'text/csv' },
  });
  expect(answer.json).toMatchObject({ records_processed: 1, categories_found: ['Lamps'] });
});

test('an unknown file that failed is mapped by its import, and imported again', async () => {
  const dropped = drops.put('drop/till.csv', 'Beleg;Artikel;Menge;Tag\nB1;P1;2;2024-01-02\n');
  await runTask(drops.needs, dropped, () => 900_000);
  const { import_id: id } = await drops.report(dropped);
  const columns = {
    order_id: 'Beleg',
    line: { value: '1' },
    product_id: 'Artikel',
    quantity: 'Menge',
    date: 'Tag',
  };
  const mapping = { name: 'Till', import_id: id, template: 'sales_lines', columns };
  const incomplete = await api.ask('POST', '/imports/mappings', { as: 'pia planner', body: mapping });
  expect(incomplete.status).toBe(422);
  expect(incomplete.json.errors).toEqual([
    { field: 'columns.unit_price', reason: 'is required and has no source' },
  ]);
  const complete = { ...mapping, columns: { ...columns, unit_price: { value: '2' } } };
  const made = await api.ask('POST', '/imports/mappings', { as: 'pia planner', body: complete });
  expect(made.status).toBe(201);
  expect((await api.ask('POST', `/imports/${id}/retry`, { as: 'pia planner', body: {} })).status).toBe(202);
  await work();
  expect((await api.ask('GET', `/imports/${id}`, { as: 'pia planner' })).json).toMatchObject({
    status: 'done',
    imported_rows: 1,
  });
  const list = await api.ask('GET', '/imports/mappings', { as: 'rob viewer' });
  expect(list.json.data).toEqual([expect.objectContaining({ id: made.json.id, name: 'Till' })]);
  expect((await api.ask('DELETE', `/imports/mappings/${made.json.id}`, { as: 'pia planner' })).status).toBe(
    200,
  );
  expect((await api.ask('DELETE', `/imports/mappings/${made.json.id}`, { as: 'pia planner' })).status).toBe(
    404,
  );
});

test('mappings are listed page by page, and one too large to be read again is refused', async () => {
  const long = (letters: number) => Array.from({ length: 95 }, (_, n) => `${n}`.padEnd(letters, '表'));
  const mapping = (name: string, headers: readonly string[]) => ({
    name,
    headers: ['Tag', 'Artikel', name, ...headers],
    template: 'stock_on_hand',
    columns: { product_id: 'Artikel', quantity: name, date: 'Tag' },
  });
  const refused = await api.ask('POST', '/imports/mappings', {
    as: 'pia planner',
    body: mapping('Menge', long(210)),
  });
  expect(refused.status).toBe(422);
  expect(refused.json.errors).toMatchObject([{ field: 'headers' }]);
  const ids: string[] = [];
  for (let n = 0; n < 17; n++) {
    const body = mapping(`Menge ${n}`, long(200));
    const made = await api.ask('POST', '/imports/mappings', { as: 'pia planner', body });
    expect(made.status).toBe(201);
    ids.push(made.json.id);
  }
  const pages = [
    await api.ask('GET', '/imports/mappings', { as: 'rob viewer' }),
    await api.ask('GET', '/imports/mappings?skip=15', { as: 'rob viewer' }),
  ];
  expect(pages.map(({ status, json }) => [status, json.data.length, json.pagination.total])).toEqual([
    [200, 15, 17],
    [200, 2, 17],
  ]);
  for (const id of ids) await api.ask('DELETE', `/imports/mappings/${id}`, { as: 'pia planner' });
});

test('an archive that swells beyond what is looked at is taken without counts', async () => {
  const rows = '2024-01-02,Lamps,5\n'.repeat(1 << 20);
  const archive = gzipSync(
    Buffer.concat([Buffer.from('date,category,quantity\n'), ...Array(4).fill(Buffer.from(rows))]),
  );
  expect(await lookAtUpload(api.database, archive)).toEqual({
    records_processed: null,
    categories_found: [],
    date_range: { start: null, end: null },
  });
});
