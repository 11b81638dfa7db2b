"""What WeasyPrint 70 leaves out of a tagged PDF: scopes of headers, artifacts of the margins, its mark."""

from collections.abc import Iterator, Sequence
from typing import Any

# PDF/A knows only some namespaces: a property of another one is declared in the file that bears it.
_UA_MARK = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
_END = b"</rdf:RDF>"


def finish(_document: Any, pdf: Any) -> None:
    """Complete a PDF before it is written, as the `finisher` of `write_pdf`."""
    catalog = pdf.catalog
    root = _object(pdf, catalog["StructTreeRoot"])
    read = set(_descendants(pdf, root["K"]))
    _mark_margins(pdf, _object(pdf, root["ParentTree"])["Nums"], read)
    headers = _complete_elements(pdf, read)
    if headers:
        root["IDTree"] = f"<</Names [{' '.join(f'{id_} {reference}' for id_, reference in headers)}]>>"
    metadata = _object(pdf, catalog["Metadata"])
    metadata.stream = [part.replace(_END, _UA_MARK + _END) for part in metadata.stream]
    if "AF" in catalog:
        catalog["AF"][:] = dict.fromkeys(catalog["AF"])


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[_number(reference)]


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _descendants(pdf: Any, kids: Sequence[Any]) -> Iterator[int]:
    """Yield the numbers of all objects below; a kid that is a number is marked content of a page."""
    waiting = [*kids]
    while waiting:
        kid = waiting.pop()
        if not isinstance(kid, int):
            yield _number(kid)
            waiting.extend(_object(pdf, kid).get("K", ()))


def _mark_margins(pdf: Any, nums: Sequence[Any], read: set[int]) -> None:
    """Turn content of a page that no element holds, the lines in its margins, into artifacts."""
    for page, elements in zip(pdf.page_references, nums[1::2], strict=False):
        unread = {at for at, element in enumerate(elements) if _number(element) not in read}
        stream = _object(pdf, _object(pdf, page)["Contents"]).stream
        for at, part in enumerate(stream):
            if isinstance(part, dict) and part.get("MCID") in unread:
                stream[at - 1 : at + 1] = "/Artifact", "<</Type /Pagination>>"
        for at in unread:
            elements[at] = "null"


def _complete_elements(pdf: Any, read: set[int]) -> list[tuple[str, str]]:
    """Give each header cell its scope, and free the elements of the margins; return the ids of the headers, sorted."""
    headers = []
    for element in pdf.objects:
        kind = element.get("S") if isinstance(element, dict) and element.get("Type") == "/StructElem" else None
        if kind and element.number not in read:
            element.free = "f"
        elif kind == "/TH":
            group = _object(pdf, _object(pdf, element["P"])["P"])
            element["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"
            if "ID" in element:
                headers.append((element["ID"].data.decode(), element.reference.decode()))
    return sorted(headers)
