/**
 * Whether a Host header names this machine. Anything else is a foreign name that was made to resolve to 127.0.0.1, by
 * which a page from elsewhere would read local answers as its own.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  const name = (host ?? '').replace(/:\d+$/, '').toLowerCase();
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(name)
  );
}
