"""Who said it first: the agencies, services and offices that a text attributes its news to."""

import re
from collections.abc import Iterable
from functools import lru_cache

import re2

# One origin a line: its name, then how it is written. ``_`` stands for the end of a word.
_NAMES = r"""
KCNA | KCNA_ | Korean Central News Agency | (?:North Korea\w*|DPRK|Pyongyang)(?:'s|’s)? (?:official |state[- ]run )*(?:state )?(?:media|news agency) | state media_ | (?:nordkorea\w+ )?Staatsmedien | médias d[’' ]État nord-coréens | agence officielle nord-coréenne | ЦТАК | Центральн\w+ телеграфн\w+ агентств\w+ | госСМИ КНДР | (?:północnokoreańsk\w+ )(?:agencj\w+|medi\w+) | 조선중앙통신 | 조선중앙TV | 노동신문 | 로동신문 | 북한 ?매체 | 朝中社 | 朝鲜中央通讯社 | 朝鲜中央社 | 朝鮮中央通信 | 労働新聞 | 劳动新闻 | 北朝鮮の?(?:国営)?メディア
NIS | NIS_ | National Intelligence Service | (?:South Korea\w*|Seoul)(?:'s|’s)? (?:spy|intelligence) (?:agency|service)_ | South Korea\w* intelligence | спецслужб\w+ Южной Кореи | (?:южнокорейск\w+ )(?:разведк\w+|спецслужб\w+) | (?:Национальн\w+ )разведывательн\w+ служб\w+ | НРС Южной Кореи | (?:południowokoreański\w* |koreański\w* )wywiad\w* | wywiad\w* Korei Południowej | südkoreanisch\w+ (?:Nachrichtendienst|Geheimdienst)\w* | (?:services? de renseignements?|renseignement) sud-coréens? | inteligencia surcoreana | південнокорейськ\w+ розвідк\w+ | 국정원 | 국가정보원 | 国情院 | 国家情报院 | 韓国の(?:国家)?情報(?:院|機関) | 国家情報院
JCS | Joint Chiefs of Staff_ | Комитет\w* начальников штабов | Объединенн\w+ комитет\w* | 합동참모본부 | 합참 | 联合参谋本部 | 联参 | 合同参謀本部
South Korean Defence Ministry | (?:South Korea\w*|Seoul)(?:'s|’s)? defen[cs]e ministry | (?<!러시아 )(?<!러 )(?<!미 )(?<!우크라이나 )국방부(?=는|가| 관계| 대변) | 韩国国防部 | 韓国国防(?:部|省)
Unification Ministry | unification ministry | 통일부 | 统一部 | 統一省 | министерств\w+ (?:по делам )?(?:объединения|воссоединения)
ISW | ISW_ | Institute for the Study of War | Институт\w* изучения войны | Інститут\w* вивчення війни | Instytut\w* Studiów nad Wojną | Institut\w* für Kriegsstudien | 전쟁연구소 | 战争研究所 | 戦争研究所
HUR | HUR_ | GUR_ | Ukrain\w+(?:'s|’s)? (?:military|defen[cs]e) intelligence | military intelligence of Ukraine | ГУР_ | украинск\w+ (?:военн\w+ )?разведк\w+ | Головн\w+ управлінн\w+ розвідки | ukraiński\w* wywiad\w* | ukrainisch\w+ (?:Militär)?geheimdienst\w* | Budanov_ | Budanow\w*_ | Буданов\w*_ | (?:우크라\w* )?(?:국방부 )?정보총국 | 부다노[프우] | 乌克兰(?:国防部)?情报总局 | 布达诺夫 | ウクライナ(?:国防省)?情報(?:総)?局 | ブダノフ
Zelensky | Zelensk\w+_ | Selensk\w+_ | Zełensk\w+_ | Зеленськ\w+_ | Зеленск\w+_ | 젤렌스키 | 泽连斯基 | 澤倫斯基 | ゼレンスキー
Ukrainian General Staff | Ukrain\w+(?:'s|’s)? General Staff | Генштаб\w* (?:ВСУ|ЗСУ|України) | 우크라\w* 총참모부 | 乌军总参谋部
38 North | 38 North_ | 38노스 | 北纬38度 | 38ノース
MSMT | MSMT_ | Multilateral Sanctions Monitoring Team | 다국적 ?제재 ?모니터링팀 | 多国間制裁監視チーム | 多边制裁监督
UN panel | panel of experts | UN experts_ | sanctions monitors_ | групп\w+ экспертов (?:ООН|СБ) | panel\w* ekspertów | 전문가 ?패널 | 专家小组 | 専門家パネル
IAEA | IAEA_ | МАГАТЭ | МАГАТЕ | AIEA_ | MAEA_ | 국제원자력기구 | 国际原子能机构 | 国際原子力機関
White House | White House | Кирби_ | Kirby_ | Бел\w+ дом\w*_ | Biał\w+ Dom\w*_ | Weiß\w+ Haus\w*_ | Maison[- ]Blanche | Casa Blanca | 백악관 | 白宫 | 白宮 | ホワイトハウス
Pentagon | Pentagon\w*_ | Пентагон\w*_ | 펜타곤 | 미 ?국방부 | 五角大楼 | 五角大廈 | 米?国防総省
State Department | State Department | Госдеп\w* | Departament\w* Stanu | 미 ?국무부 | 국무부 | 美国国务院 | 美国务院 | 国務省
US Treasury | Treasury(?: Department)?_ | OFAC_ | Минфин\w* США | 재무부 | 美国?财政部 | 財務省
Kremlin | Kremlin_ | Peskov_ | Ushakov_ | Кремл\w+_ | Песков\w*_ | Ушаков\w*_ | Kreml\w*_ | Pieskow\w*_ | Peskow\w*_ | 크렘린궁? | 페스코프 | 우샤코프 | 克里姆林宫 | 克里姆林宮 | 佩斯科夫 | クレムリン | ペスコフ | (?:ロシア)?大統領府
Russian Foreign Ministry | Russia(?:'s|n)? foreign ministry | Zakharova_ | Захаров\w+_ | МИД\w* (?:РФ|России) | Zacharow\w+_ | Sacharowa_ | 러시아 외무부 | 자하로바 | 扎哈罗娃 | 俄(?:罗斯)?外交部 | ザハロワ | ロシア外務省
Russian Defence Ministry | Russia(?:'s|n)? defen[cs]e ministry | Минобороны (?:РФ|России) | 러시아 국방부 | 俄(?:罗斯)?国防部 | ロシア国防省
"""  # noqa: E501
_MEDIA = r"""
Reuters | Reuters_ | Рейтер\w*_ | 로이터(?:통신)? | 路透社?  | ロイター
AP | Associated Press | AP_(?! news) | AP통신 | 美联社 | AP通信
AFP | AFP_ | AFP통신 | 法新社
Yonhap | Yonhap_ | Ренхап | Ёнхап | (?<!=)연합뉴스(?=에|는|가) | 韩联社 | 聯合ニュース
TASS | TASS_ | ТАСС_ | 타스 ?통신 | 塔斯社 | タス通信
RIA | RIA(?: Novosti)?_ | РИА Новости | 리아 ?노보스티 | 俄新社 | リアノーボスチ
Interfax | Interfax_ | Интерфакс\w*_ | 인테르팍스 | 国际文传
Kyodo | Kyodo_ | 교도통신 | 共同社 | 共同通信
Xinhua | Xinhua_ | 신화통신 | 新华社 | 新華社
"""
_REPORTERS = r"""
BBC | BBC_ | Би-би-си | BBC방송
CNN | CNN_
Bloomberg | Bloomberg_ | 블룸버그 | 彭博社?
Wall Street Journal | Wall Street Journal | WSJ_ | 월스트리트저널 | 华尔街日报
Financial Times | Financial Times | FT_ | 파이낸셜 ?타임스 | 金融时报
New York Times | New York Times | NYT_ | 뉴욕타임스 | 纽约时报
Washington Post | Washington Post_ | 워싱턴포스트 | 华盛顿邮报
NK News | NK News_
Daily NK | Daily NK_ | 데일리NK | 데일리엔케이
NHK | NHK_
RFA | RFA_ | Radio Free Asia | 자유아시아방송
VOA | VOA_ | Voice of America | 미국의소리
"""
# Said, reported, according to: where it stands beside a name, that name is an origin.
_SAID = re.compile(
    r"\b(?:said|says|saying|told|tells|report(?:s|ed|edly)?|according to|announced?|announces|confirm(?:s|ed)|citing|"
    r"cited|estimat\w+|assess\w*|claim(?:s|ed)?|reveal(?:s|ed)|believes?|put the|"
    r"laut|teilten? |berichte\w+|zufolge|meldete\w*|erklärte\w*|schätz\w+|sagte|"
    r"selon|d[’']après|a (?:déclaré|annoncé|indiqué|rapporté|affirmé)|ont (?:déclaré|annoncé|rapporté)|citant|"
    r"según|dijo|informó|afirmó|anunció|"
    r"według|podał\w*|poinformowa\w+|podaje|podają|przekazał\w*|oświadczy\w+|twierdzi|ocenia|szacuje|"
    r"сообщи\w+|сообща\w+|заяви\w+|заявля\w+|рассказа\w+|по данным|по информации|по оценк\w+|со ссылкой|переда[её]т|"
    r"передали|пишет|оцени\w+|подтверди\w+|считает|уточни\w+|отметил\w*|"
    r"повідоми\w+|заявив|заявила|за даними|за оцінк\w+|розповів|підтверди\w+)"
    r"|밝혔|밝힌|전했|보도|발표|따르면|주장했|주장|보고했|보고|인용|추정|파악|판단했|말했"
    r"|表示|称|稱|报道|報道|報導|宣布|援引|发布|通报|指出|透露|估计|据|据悉|伝えた|報じ|発表|明らかに|によると|語った|報告|述べ|分析した",
    re.IGNORECASE,
)
_ACCUSED = re.compile(
    r"\b(?:accus\w+|warn(?:s|ed)|обвини\w+|oskarży\w+|wirft|werfen)|비난|경고|指责|非難", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"(?<![\s.][A-ZА-Я])[.!?。！？…](?=\s|$)|[。！？\n]")
_BESIDE = 45  # characters between a name and its verb, in languages that put them together
_HEAD = re.compile(r"^[\s\"'“«(]*$")
_TAIL = re.compile(r"(?:[—–:(/-]|\s-)\s*$")
_LETTERS = "A-Za-zÀ-ɏЀ-ӿ"
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def _compile(lines: str) -> dict[str, re.Pattern[str]]:
    table = {}
    for line in lines.strip().splitlines():
        name, *ways = (part.strip() for part in line.split(" | "))
        forms = "|".join(way if _CJK.match(way) else rf"(?<![{_LETTERS}]){way}" for way in ways)
        table[name] = re.compile(forms.replace("_", rf"(?![{_LETTERS}])"), re.IGNORECASE)
    return table


def _set_of(table: dict[str, re.Pattern[str]]) -> "re2.Set":
    """All of them in one pass. It finds too much, for re2 cannot look around: most texts need no closer look."""
    found = re2.Set.SearchSet()
    for pattern in table.values():
        plain = re.sub(r"\(\?<?[!=](?:[^()]|\([^()]*\))*\)", "", pattern.pattern)
        found.Add(f"(?i:{plain.replace(chr(92) + 'w', chr(92) + 'S')})")  # \w is ASCII in re2
    found.Compile()
    return found


_RELAYS = _compile(_MEDIA)
_ORIGINS = _compile(_NAMES) | _RELAYS | _compile(_REPORTERS)
_NAMED = _set_of(_ORIGINS)


@lru_cache(maxsize=4096)
def find_origins(text: str) -> tuple[str, ...]:
    """The origins that ``text`` names as such, each once, in order; none when it reports on its own.

    A news agency that passes on what somebody else said is no origin.
    """
    found: dict[str, int] = {}
    names = tuple(_ORIGINS)
    for at in _NAMED.Match(text.encode(errors="ignore").decode()) or ():  # half a character is nothing to re2
        name = names[at]
        pattern = _ORIGINS[name]
        for mention in pattern.finditer(text):
            if _is_attributed(text, *mention.span()):
                found[name] = mention.start()
                break
    return first_hand(sorted(found, key=lambda name: found[name]))


def first_hand(origins: Iterable[str]) -> tuple[str, ...]:
    """``origins``, each once, without agencies that pass on what another of them said."""
    named = tuple(dict.fromkeys(origins))
    sources = tuple(name for name in named if name not in _RELAYS)
    return sources or named


def _is_attributed(text: str, start: int, end: int) -> bool:
    """Is what stands there said to have said something: "X said", "according to X", "...: X", "X: ..."?"""
    left = max((found.end() for found in _SENTENCE_END.finditer(text, 0, start)), default=0)
    stop = _SENTENCE_END.search(text, end)
    right = stop.start() if stop else len(text)
    before, after = text[left:start], text[end:right]
    if (_HEAD.match(before) and re.match(r"['’\")]*\s*[:：]", after)) or (
        _TAIL.search(before) and re.match(r"[\s)/\"'”»]*(?:$|[-–—,])", after)
    ):
        return True
    reach = len(after) if _CJK.match(text, start) else _BESIDE  # Korean and Japanese put the verb last
    after = after[:reach]
    return bool(_SAID.search(before[-_BESIDE:]) or _SAID.search(after) or _ACCUSED.search(after[:_BESIDE]))
