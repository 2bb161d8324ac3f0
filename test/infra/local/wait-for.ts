/** Resolves as soon as the condition holds; fails after a generous limit. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  limitMs = 30_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited ${limitMs} ms in vain for: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
