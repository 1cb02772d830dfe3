"""Praat's spellings of characters by a backslash and two characters, such as `\\a"` for ä (manual: Special symbols)."""

from __future__ import annotations

import re

_TABLE = """
!d¡ ?d¿ --– bs\\ 'a' "l“ "r” a`à a'á a^â a~ã a"ä aoå a;ą c'ć c<č d<ď d-đ e`è e'é e^ê e"ë e<ě e;ę g<ǧ i`ì i'í i^î
i"ï l/ł n'ń n~ñ n<ň o`ò o'ó o^ô o~õ o"ö o:ő r<ř s'ś s<š t<ť u`ù u'ú u^û u"ü u:ű uoů y'ý y"ÿ z'ź z<ž z!ż A`À A'Á
A^Â A~Ã A"Ä AoÅ A;Ą C'Ć C<Č D<Ď D-Đ E`È E'É E^Ê E"Ë E<Ě E;Ę G<Ǧ I`Ì I'Í I^Î I"Ï L/Ł N'Ń N~Ñ N<Ň O`Ò O'Ó O^Ô O~Õ
O"Ö O:Ő R<Ř S'Ś S<Š T<Ť U`Ù U'Ú U^Û U"Ü U:Ű UoŮ Y'Ý Y"Ÿ Z'Ź Z<Ž Z!Ż ssß aeæ o/ø c,ç s,ş t,ţ thþ AeÆ O/Ø C,Ç S,Ş
T,Ţ ThÞ .c· dg° c/¢ Lp£ cu¤ eu€ Y=¥ SS§ ||¶ co© re® a_ª o_º FIﬁ FLﬂ alα beβ gaγ deδ epε zeζ etη teθ t2ϑ ioι kaκ
laλ muμ nuν xiξ onο piπ roρ siσ s2ς taτ upυ fiφ f2ϕ ciχ psψ omω o2ϖ AlΑ BeΒ GaΓ DeΔ EpΕ ZeΖ EtΗ TeΘ IoΙ KaΚ LaΛ
MuΜ NuΝ XiΞ OnΟ PiΠ RoΡ SiΣ TaΤ UpΥ FiΦ CiΧ PsΨ OmΩ ?+א B+ב G+ג D+ד H+ה V+ו Z+ז X+ח Y+ט J+י K%ך K+כ L+ל M%ם M+מ
N%ן N+נ S+ס 9+ע P%ף P+פ C%ץ C+צ Q+ק R+ר W+ש T+ת hIִ sEֶ cEֵ qAָ pAַ hOֹ vOוֹ qUֻ dqּ sUוּ tm™ TM™ no¬ xx× :-÷ fdƒ
bu• 'p′ "p″ At∀ dd∂ Er∃ O|∅ e=∈ -m− /d∕ Vr√ oc∝ oo∞ an∧ or∨ ni∩ uu∪ in∫ .3∴ =~≅ ~~≈ un_ =/≠ =3≡ c=⊂ o+⊕ ox⊗ Tt⊥
..⋯ cl♣ di♦ he♥ sp♠ <-← ^|↑ ->→ _|↓ <>↔ <=⇐ ^#⇑ =>⇒ _#⇓ eq⇔ dhð h-ħ oeœ atɐ asɑ ayɒ abɒ b^ɓ [f[ ]f] bcʙ ctɔ ccɕ
d.ɖ d^ɗ e-ɘ swə srɚ efɛ erɜ kbɞ j-ɟ g^ɠ gsɡ gcɢ gfɣ rhɤ G^ʛ htɥ h^ɦ hjɧ hcʜ i-ɨ icɪ l~ɫ l-ɬ l.ɭ lzɮ lcʟ mtɯ mlɰ
mjɱ ngŋ njɲ n.ɳ ncɴ o-ɵ Oeɶ |1ǀ |2ǁ |-ǂ |f| ffɸ rtɹ rlɺ r.ɻ f.ɽ fhɾ rcʀ riʁ s.ʂ shʃ j^ʄ t.ʈ u-ʉ hsʊ vsʋ vtʌ wtʍ
ytʎ ycʏ z.ʐ zcʑ zhʒ ?gʔ 9eʕ O.ʘ ?-ʡ 9-ʢ V^ⱱ :fː .fˑ hr˞ `^̀ ``̏ '^́ ''̋ ^^̂ ~^̃ //̸ -/̶ ~/̴ -^̄ :^̈ 0^̊ v^̌ N^̆
cn̚ cv̜ T^̝ Tv̞ T(̘ T)̙ +v̟ :v̤ 0v̥ vv̬ |v̩ Nv̪ Uv̺ Dv̻ nv̯ ~v̰ -v̠ ~<̴ 3v̹ li͡ LI͜ mv̼ wv̫ bfβ tfθ cfχ '1ˈ '2ˌ
^hʰ ^Hʱ ^jʲ ^wʷ ^Yᶣ ^yʸ ^?ˀ ^9ˁ ^lˡ ^sˢ ^gˠ ^Mᵚ ^Gᶭ ^xˣ ^fᶠ ^nⁿ ^mᵐ ^Nᵑ idɿ irʅ _u‿ -4˦ -3˧ -2˨ |uꜛ |dꜜ NE↗ SE↘
NW↖ SW↙ tsʦ tSʧ dzʣ dZʤ apʼ x^̽ pf☞ f5❀ +-± <<« >>» su∑ <_≤ >_≥ jcʝ
"""
"""Each item is a spelling without its backslash, and the character."""

_CHARACTERS = {item[:2]: item[2:] for item in _TABLE.split()}
_SPELLING = re.compile(r"\\(..)", re.DOTALL)


def unspell(text: str) -> str:
    r"""Replace Praat's spellings with their characters; other backslashes stay.

    >>> unspell(r'Begr\u"\ssung'), unspell(r"a\b c:\bsx")
    ('Begrüßung', 'a\\b c:\\x')
    """
    return _SPELLING.sub(lambda match: _CHARACTERS.get(match[1], match[0]), text) if "\\" in text else text


def spell(text: str) -> str:
    r"""Write each backslash in Praat's spelling, so that Praat shows it.

    >>> spell(r"c:\x")
    'c:\\bsx'
    """
    return text.replace("\\", r"\bs")
