"""A generator for Wenju that reads figures out with exclamation marks."""


class Shouting:
    def __init__(self, options):
        self.timeout = options.timeout

    def write(self, evidence):
        for exhibit in evidence.exhibits:
            for fact in exhibit.facts:
                if fact.indicator in evidence.query.indicators and fact.measure == "growth":
                    yield f"{fact.period}年{fact.region}{fact.indicator}增长{fact.written}！[{exhibit.n}]"
                    yield f"这比什么都好，高达99.9%！[{exhibit.n}]"
