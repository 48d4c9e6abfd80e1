"""Read all open needs of a thematic area, page after page, and write them as a table.

    python3 needs.py https://the.platform survey-clearance > needs.csv

Uses nothing but Python's own library. With a key in PARTNERSHIPS_KEY it sees what the key's holder may see.
"""

import csv
import json
import os
import sys
import urllib.parse
import urllib.request


def pages(address, theme):
    """Give every need under the filter: a page at a time, until there is no next cursor."""
    asked = {"theme": theme, "limit": "200", "fields": "ref,state,title,deadline,currency,money"}
    key = os.environ.get("PARTNERSHIPS_KEY")
    headers = {"Accept": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})}
    while True:
        request = urllib.request.Request(f"{address}/api/v1/needs?{urllib.parse.urlencode(asked)}", headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            page = json.load(answer)
        yield from page["data"]
        if page["next"] is None:
            return
        asked["cursor"] = page["next"]


def main(address, theme):
    """Write the table."""
    table = csv.writer(sys.stdout)
    table.writerow(["need", "state", "title", "deadline", "currency", "asked", "open"])
    for need in pages(address.rstrip("/"), theme):
        money = need["money"] or {}
        table.writerow([need["ref"], need["state"], need["title"], need["deadline"] or "", need["currency"] or "",
                        money.get("asked") or "", money.get("open") or ""])


if __name__ == "__main__":
    main(*sys.argv[1:3])
