"""A program of somebody else, checked by pyright against the installed package."""

from decimal import Decimal

from wenju import Client, WenjuError


def growth(url: str) -> Decimal | None:
    with Client(url, "any") as client:
        try:
            answer = client.ask("2020年嘉定固定资产投资增长多少", filters={"regions": ["嘉定区"]})
        except WenjuError as error:
            print(error)
            return None
    return next((value.number for value in answer.values if value.measure == "growth"), None)
