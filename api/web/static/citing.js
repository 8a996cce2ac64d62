// Where a quotation stands, in words.

import { words } from "./words.js";

export const placeOf = (citation) =>
  [citation.region, citation.period, ...(citation.heading.length ? citation.heading : [citation.title])].filter(Boolean).join(" · ");

// What a person opens the file at: the page of a PDF, the cell of a workbook.
export function fileAndPlace(citation) {
  const page = citation.page ? words().page.replace("#", citation.page) : citation.cell;
  return [citation.document, page, `${words().copy_at} ${citation.start}–${citation.end}`].filter(Boolean).join(" · ");
}
