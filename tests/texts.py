"""Texts made to hurt, shared by the property tests."""

from hypothesis import strategies as st

STRANGE = "aB.?! \n\r\t\v\"'\u201c\u201d\u00a0\u2028\x85\0\ud800\u200b\u202e"
hostile = st.text(st.one_of(st.sampled_from(STRANGE), st.characters()))
