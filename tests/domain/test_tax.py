"""Tax inside gross prices: once per key and document, then shared out."""

from hypothesis import given
from hypothesis import strategies as st

from kpos.domain.tax import RATES_BP, Taxed, share_out, tax_inside

taxed = st.builds(
    lambda key, gross: Taxed(key, RATES_BP[key], gross),
    st.sampled_from(sorted(RATES_BP)),
    st.integers(0, 100_000),
)


def test_the_cent_that_rounding_leaves_falls_into_the_net():
    assert tax_inside(495, 1900) == 79
    assert share_out([Taxed("1", 1900, 450), Taxed("1", 1900, 45)]) == (72, 7)


@given(st.lists(taxed))
def test_the_shares_of_a_key_add_up_to_the_tax_of_its_sum(amounts):
    shares = share_out(amounts)
    for key, rate_bp in RATES_BP.items():
        gross = sum(amount.gross_cents for amount in amounts if amount.tax_key == key)
        own = [s for amount, s in zip(amounts, shares, strict=True) if amount.tax_key == key]
        assert sum(own) == tax_inside(gross, rate_bp)
        assert all(share >= 0 for share in own)
