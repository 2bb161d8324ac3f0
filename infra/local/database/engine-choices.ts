/** What to do on each system when no database engine could be had, after what was tried. */
export function engineChoices(tried: readonly string[]): string {
  const attempts = tried.map((reason) => `  tried: ${reason.replaceAll('\n', '\n         ')}`);
  return [
    'No database engine could be found or fetched. Needed: MariaDB 10.6 or newer, or MySQL 8.0 or newer.',
    ...attempts,
    '  Debian, Ubuntu: sudo apt-get install mariadb-server-core mariadb-client-core (nothing is started), or',
    '                  SMART_INVENTORY_DATABASE=unpack with the package servers in reach',
    '  macOS:          brew install mariadb',
    '  Windows:        winget install MariaDB.Server, or work inside WSL',
    '  others:         install MariaDB or MySQL with your package manager',
    '  anywhere:       MYSQLD=/path/to/mariadbd, or SMART_INVENTORY_DATABASE=download (MySQL from Oracle)',
  ].join('\n');
}
