"""Currencies: the codes of ISO 4217, and symbols and words with the codes that they can mean."""

from collections.abc import Mapping

# Every code of ISO 4217 that is paid in, as of January 2026, and the lev, in which offers were made until that day.
# No library: this list alone is needed of it.
CODES = frozenset(
    "aed afn all amd aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob bov brl bsd btn bwp byn bzd cad cdf "  # noqa: SIM905  a list of codes is read, not edited
    "che chf chw clf clp cny cop cou crc cup cve czk djf dkk dop dzd egp ern etb eur fjd fkp gbp gel ghs gip gmd "
    "gnf gtq gyd hkd hnl htg huf idr ils inr iqd irr isk jmd jod jpy kes kgs khr kmf kpw krw kwd kyd kzt lak lbp "
    "lkr lrd lsl lyd mad mdl mga mkd mmk mnt mop mru mur mvr mwk mxn mxv myr mzn nad ngn nio nok npr nzd omr pab "
    "pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sdg sek sgd shp sle sos srd ssp stn svc syp szl thb "
    "tjs tmt tnd top try ttd twd tzs uah ugx usd usn uyi uyu uyw uzs ved ves vnd vuv wst xad xaf xcd xcg xof xpf "
    "yer zar zmw zwg".split()
)
# Codes that are also English words: they count as a currency only where that currency was asked for.
WORDLIKE = frozenset(("all", "bob", "cup", "gel", "mop", "sos", "top"))
# A symbol that several currencies share is read as the one that was asked for.
SYMBOLS: Mapping[str, tuple[str, ...]] = {
    "$": ("USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "COP", "CLP"),
    "us$": ("USD",),
    "a$": ("AUD",),
    "ca$": ("CAD",),
    "hk$": ("HKD",),
    "mx$": ("MXN",),
    "nt$": ("TWD",),
    "nz$": ("NZD",),
    "r$": ("BRL",),
    "€": ("EUR",),
    "£": ("GBP",),
    "¥": ("JPY", "CNY"),
    "₹": ("INR",),
    "₱": ("PHP",),
    "৳": ("BDT",),
    "฿": ("THB",),
    "₡": ("CRC",),
    "₦": ("NGN",),
    "₩": ("KRW",),
    "₪": ("ILS",),
    "₫": ("VND",),
    "₭": ("LAK",),
    "₮": ("MNT",),
    "₲": ("PYG",),
    "₴": ("UAH",),
    "₵": ("GHS",),
    "₸": ("KZT",),
    "₺": ("TRY",),
    "₼": ("AZN",),
    "₽": ("RUB",),
    "₾": ("GEL",),
    "֏": ("AMD",),
    "៛": ("KHR",),
}
# Words that are written before or after a figure like a symbol.
SHORT_NAMES: Mapping[str, tuple[str, ...]] = {
    "kr": ("NOK", "SEK", "DKK", "ISK"),
    "fr.": ("CHF",),
    "zł": ("PLN",),
    "kč": ("CZK",),
    "ksh": ("KES",),
    "dollar": ("USD",),
    "dollars": ("USD",),
    "euro": ("EUR",),
    "euros": ("EUR",),
}
NAMES: Mapping[str, tuple[str, ...]] = {
    "us dollar": ("USD",),
    "canadian dollar": ("CAD",),
    "australian dollar": ("AUD",),
    "singapore dollar": ("SGD",),
    "pound": ("GBP",),
    "sterling": ("GBP",),
    "yen": ("JPY",),
    "yuan": ("CNY",),
    "renminbi": ("CNY",),
    "rmb": ("CNY",),
    "rupee": ("INR", "LKR", "NPR", "PKR"),
    "peso": ("ARS", "CLP", "COP", "MXN", "PHP"),
    "franc": ("CHF",),
    "krona": ("SEK",),
    "krone": ("DKK", "NOK"),
    "zloty": ("PLN",),
    "rand": ("ZAR",),
    "shilling": ("KES", "TZS", "UGX"),
    "ariary": ("MGA",),
    "baht": ("THB",),
    "birr": ("ETB",),
    "cedi": ("GHS",),
    "dong": ("VND",),
    "forint": ("HUF",),
    "hryvnia": ("UAH",),
    "kyat": ("MMK",),
    "naira": ("NGN",),
    "ringgit": ("MYR",),
    "rupiah": ("IDR",),
    "shekel": ("ILS",),
    "taka": ("BDT",),
    "tenge": ("KZT",),
    "tugrik": ("MNT",),
}
