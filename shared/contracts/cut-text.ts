/** The text, or as much of its beginning as fits into so many characters: well-formed, none of them cut in two. */
export function cutText(text: string, most: number): string {
  const cut = text.toWellFormed().slice(0, most);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
