"""Write criteria/schema.json, with which editors complete and check criteria files; a test keeps it current."""

import json
from pathlib import Path

from vendor_eval.criteria import json_schema

FILE = Path(__file__).parent.parent / "criteria" / "schema.json"


def render() -> str:
    """Render the schema so that the same models give the same text."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(render(), encoding="utf-8")
