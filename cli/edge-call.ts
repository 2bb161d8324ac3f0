/** One call to the private routes of the local stack; every failure says what to do. */
export async function edgeCall(edge: string, method: 'GET' | 'POST', path: string): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`${edge}${path}`, { method });
  } catch {
    throw new Error(`no stack answers at ${edge}: start one with \`npm start\``);
  }
  const text = await response.text();
  if (!response.ok) throw new Error(text || `${path} answered ${response.status}`);
  return JSON.parse(text);
}
