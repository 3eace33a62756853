"""ONPE's public result feed, generation of 2021 (EG2021, SEP2021).

Authority: ONPE, api.resultados.eleccionesgenerales2021.pe and api.resultadossep.eleccionesgenerales2021.pe.
Contract: GET, all in the path, JSON without an envelope; observed by several clients, not documented by ONPE.
Update interval: cuts about every 30 minutes at first, then hourly, a few a day at the end; still a few weeks later.
Known quirks: numbers are strings with commas; stamps are Lima's time to the minute, without a zone; `generalData` may
be null beside good figures; accents arrive broken; blank, null and challenged votes share code 80 on an acta, where
only their names tell them apart; "#" is a figure nobody could read; an observed acta shows its votes though no total
has them; a polling place's code is unique only within its district; there is no change detector, no process to ask
for, no moment of an acta, and lists of mesas do not tell what became of them: each acta has to be read.
"""

from ingest.feeds.onpe2021.feed import Onpe2021

__all__ = ["Onpe2021"]
