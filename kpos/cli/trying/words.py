"""What the guided test says, in both languages."""

from __future__ import annotations

from kpos.domain.member import Language
from kpos.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Texts with names in braces are filled in where they are said."""

    begin: str
    yes: str
    no: str
    again: str
    too_late: str
    verdict: str
    ok: str
    failed: str
    skipped: str
    none_named: str
    all_well: str
    not_well: str
    # Roles
    display: str
    keypad: str
    scanner: str
    card_reader: str
    sound: str
    coins: str
    notes: str
    # Display
    drawing: str
    euro_of_lcdd: str
    is_it_so: str
    is_it_dark: str
    not_shown: str
    not_so: str
    not_dark: str
    look_at_display: str
    # Keys, scans, cards
    press_keys: str
    left: str
    no_key: str
    keys_missing: str
    look_at_keys: str
    scan_something: str
    show_card: str
    read: str
    cut_off: str
    cut_hint: str
    text_of: str
    check_right: str
    check_wrong: str
    elements: str
    scan_again: str
    nothing_came: str
    look_at_scanner: str
    look_at_reader: str
    # Sounds, cash
    heard: str
    occasions: dict[str, str]
    no_sound: str
    look_at_sound: str
    insert: str
    taken: str
    look_at_cash: str


_GERMAN = Words(
    begin="Ein Gerät nach dem anderen, nichts wird gebucht. Enter überspringt eines, nach"
    " {limit} s ohne Eingabe geht es weiter, Strg-C beendet.",
    yes="j",
    no="n",
    again="nochmal",
    too_late="keine Antwort",
    verdict="Ergebnis",
    ok="ok",
    failed="FEHLER",
    skipped="ausgelassen",
    none_named="steht nicht in kpos.toml (kpos hardware list findet, was eingesteckt ist)",
    all_well="Nichts ist fehlgeschlagen.",
    not_well="Zu tun ist, was hinter den Pfeilen steht; danach: kpos hardware test",
    display="Anzeige",
    keypad="Tasten",
    scanner="Scanner",
    card_reader="Kartenleser",
    sound="Ton",
    coins="Münzen",
    notes="Scheine",
    drawing="Dieses Bild kommt jetzt auf die Anzeige; manche braucht dafür einige Sekunden:",
    euro_of_lcdd="(Über LCDd steht für € ein E.)",
    is_it_so="Steht es dort genau so, bis in alle vier Ecken?",
    is_it_dark="Ist ihr Licht jetzt aus?",
    not_shown="das Bild kam nicht an: {why}",
    not_so="das Bild stimmt nicht",
    not_dark="das Licht geht nicht aus",
    look_at_display="Kontrast (V0), dann rom, size und Drähte: hardware/display/README.md, am Ende",
    press_keys="Bitte jede der zwölf Tasten einmal drücken, in beliebiger Reihenfolge.",
    left="Noch: {keys}",
    no_key="keine Taste kam an",
    keys_missing="nicht angekommen: {keys}",
    look_at_keys="NumLock ist gleich; eine Taste, die anderes sendet: keymap in [keypad]",
    scan_something="Bitte eine Flasche oder Packung scannen.",
    show_card="Bitte eine Karte zeigen.",
    read="Gelesen: {text}",
    cut_off="Davor stand {preamble}, wie in preambles; der Code ist {code}",
    cut_hint='Das sieht aus wie {preamble} vor einer EAN: preambles = "{preamble}" in [scanner]',
    text_of="Text aus {count} Zeichen: Code 128, QR oder eine Karte",
    check_right="{kind}, Prüfziffer {digit} stimmt",
    check_wrong="{kind}? Die Prüfziffer ist {digit}, es müsste {right} sein",
    elements="GS1 mit mehreren Angaben",
    scan_again="So nimmt die Kasse es nicht: bitte nochmal scannen.",
    nothing_came="nichts Brauchbares kam an",
    look_at_scanner="hardware/README.md, „Setting up a scanner“; layout und line in [scanner]",
    look_at_reader="Ist es die richtige Kartenart (125 kHz oder 13,56 MHz)? line in [card_reader]",
    heard="{occasion}: war das zu hören?",
    occasions={
        "accept": "Angenommen",
        "refuse": "Abgelehnt",
        "paid": "Gekauft",
        "error": "Fehler",
    },
    no_sound="nicht zu hören: {occasions}",
    look_at_sound="player in [sound]; für aplay: alsamixer, und die Gruppe audio",
    insert="Bitte {what} einwerfen. Das Geld bleibt darin und wird nicht gebucht.",
    taken="{cents} Cent erkannt",
    look_at_cash="Drähte, Strom und Anschluss: hardware/README.md, „Coins and notes“",
)
_ENGLISH = Words(
    begin="One device after the other, nothing is booked. Enter skips one, after {limit} s without"
    " any input it goes on by itself, Ctrl-C ends.",
    yes="y",
    no="n",
    again="again",
    too_late="no answer",
    verdict="Verdict",
    ok="ok",
    failed="FAILED",
    skipped="skipped",
    none_named="not in kpos.toml (kpos hardware list finds what is plugged in)",
    all_well="Nothing failed.",
    not_well="Do what stands behind the arrows; then: kpos hardware test",
    display="Display",
    keypad="Keys",
    scanner="Scanner",
    card_reader="Card reader",
    sound="Sound",
    coins="Coins",
    notes="Notes",
    drawing="This picture goes to the display now; some take several seconds for it:",
    euro_of_lcdd="(By LCDd an E stands for the €.)",
    is_it_so="Does it stand there exactly so, into all four corners?",
    is_it_dark="Is its light off now?",
    not_shown="the picture did not arrive: {why}",
    not_so="the picture is not right",
    not_dark="the light does not go out",
    look_at_display="Contrast (V0), then rom, size, wires: hardware/display/README.md, at its end",
    press_keys="Please press each of the twelve keys once, in any order.",
    left="Left: {keys}",
    no_key="no key arrived",
    keys_missing="did not arrive: {keys}",
    look_at_keys="NumLock does not matter; a key that sends something else: keymap in [keypad]",
    scan_something="Please scan a bottle or a packet.",
    show_card="Please show a card.",
    read="Read: {text}",
    cut_off="Before it stood {preamble}, as in preambles; the code is {code}",
    cut_hint='This looks like {preamble} before an EAN: preambles = "{preamble}" in [scanner]',
    text_of="text of {count} characters: Code 128, QR or a card",
    check_right="{kind}, check digit {digit} is right",
    check_wrong="{kind}? The check digit is {digit}, it should be {right}",
    elements="GS1 with several elements",
    scan_again="The till would not take this: please scan again.",
    nothing_came="nothing usable arrived",
    look_at_scanner="Its settings: hardware/README.md, “Setting up a scanner”; layout in [scanner]",
    look_at_reader="Is it the right kind of card (125 kHz or 13.56 MHz)? line in [card_reader]",
    heard="{occasion}: was that heard?",
    occasions={
        "accept": "Accepted",
        "refuse": "Refused",
        "paid": "Bought",
        "error": "Error",
    },
    no_sound="not heard: {occasions}",
    look_at_sound="player in [sound]; for aplay: alsamixer, and the group audio",
    insert="Please insert {what}. The money stays inside and is not booked.",
    taken="{cents} cents seen",
    look_at_cash="Wires, power and port: hardware/README.md, “Coins and notes”",
)
WORDS: dict[Language, Words] = {"de": _GERMAN, "en": _ENGLISH}
