"""A file for the demonstration: a small PDF of one page, made here and not copied from anywhere."""

from __future__ import annotations


def pdf(lines: list[str]) -> bytes:
    """A PDF of one page (A4) with these lines of plain English. Raises ValueError for letters outside ASCII."""
    def said(line: str) -> str:
        if not line.isascii():
            raise ValueError("The one font of this page has the letters of ASCII only.")
        return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")

    text = "BT /F1 12 Tf 60 780 Td 18 TL " + " ".join(f"({said(line)}) Tj T*" for line in lines) + " ET"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
               "/Resources << /Font << /F1 5 0 R >> >> >>",
               f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
               "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    return body + f"{end}startxref\n{len(body)}\n%%EOF\n".encode("ascii")


PLAN = pdf([
    "Demonstration: work plan of land release (invented, no State's statement)", "",
    "Year 1: survey of the suspected hazardous areas that remain, province by province.",
    "Year 2: clearance of the confirmed hazardous areas near schools and water points.",
    "Year 3: clearance of farm land; quality management; handover with the communities.", "",
    "Cancelled by non-technical survey, reduced by technical survey, cleared: reported apart."])
