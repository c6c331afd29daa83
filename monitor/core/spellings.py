"""How one name is spelt in other languages: what a phrase that is a name stands for.

Strict where monitor.core.lexicon is loose: a form here means one person, place or body wherever it stands, for a watch
term may decide by it alone. Short forms such as Kim, 北 or 러 need their context and belong into watch terms.
"""

from functools import lru_cache

from monitor.core.fold import fold

# One entity a line; forms are phrases, ``*`` stands for the endings of languages that inflect names.
_TABLE = """
Kim Jong Un | Kim Jong Eun | 김정은 | Ким Чен Ын* | Кім Чен Ин* | 金正恩 | キムジョンウン | Kim Dzong Un*
Kim Yo Jong | Kim Yeo Jung | 김여정 | Ким Ё Чжон* | Ким Ё Чжун | Кім Йо Чон* | 金与正 | 金與正 | キムヨジョン | Kim Jo Dzong*
Kim Ju Ae | Kim Joo Ae | 김주애 | Ким Чжу Э | Кім Чу Е | 金主爱 | 金主愛 | キムジュエ | Kim Dzu E
Kim Jong Il | 김정일 | Ким Чен Ир* | Кім Чен Ір* | 金正日 | キムジョンイル | Kim Dzong Il*
Kim Il Sung | 김일성 | Ким Ир Сен* | Кім Ір Сен* | 金日成 | キムイルソン | Kim Ir Sen*
Choe Son Hui | Choi Son Hui | 최선희 | Цой Сон Хи | Чхве Сон Хи | Цой Сон Хі | 崔善姬 | 崔善姫 | チェソンヒ | Cze Son Hui
Pak Jong Chon | 박정천 | Пак Чон Чхон* | Пак Чен Чхон* | 朴正天 | パクジョンチョン
No Kwang Chol | 노광철 | Но Гван Чхол* | Но Кван Чхол* | 努光铁 | 努光鐵 | 努光鉄 | ノグァンチョル
Pak Thae Song | Pak Tae Song | 박태성 | Пак Тхэ Сон* | 朴泰成 | パクテソン
Kim Tok Hun | Kim Dok Hun | 김덕훈 | Ким Ток Хун* | Ким Док Хун* | 金德训 | 金德訓 | 金徳訓
Choe Ryong Hae | 최룡해 | Цой Рён Хэ | Чхве Рён Хэ | 崔龙海 | 崔龍海 | 崔竜海
Kim Yong Bok | 김영복 | Ким Ён Бок* | Кім Йон Бок* | 金英福 | 金永福
Sin Hong Chol | 신홍철 | Син Хон Чхол* | 辛洪哲
Putin | Poutine | 푸틴 | 뿌찐 | Путин* | Путін* | 普京 | 普丁 | 蒲亭 | プーチン | Putin* | Putins
Lavrov | 라브로프 | 라브로브 | Лавров* | 拉夫罗夫 | 拉夫羅夫 | ラブロフ | ラヴロフ | Ławrow* | Lawrow*
Shoigu | Shoygu | Schoigu | Choïgou | 쇼이구 | Шойгу | 绍伊古 | 紹伊古 | ショイグ | Szojgu*
Belousov | Beloussow | Belooussov | 벨로우소프 | Белоусов* | Бєлоусов* | 别洛乌索夫 | 別洛烏索夫 | ベロウソフ | Biełousow*
Peskov | 페스코프 | Песков* | Пєсков* | 佩斯科夫 | ペスコフ | Pieskow* | Peskow*
Zakharova | 자하로바 | Захарова | Захаровой | Захарову | 扎哈罗娃 | 扎哈羅娃 | ザハロワ | Zacharow* | Sacharowa
Matsegora | 마체고라 | 마쩨고라 | Мацегор* | 马采戈拉 | 馬采戈拉 | マツェゴラ | Macegor*
Kozhemyako | 코제먀코 | Кожемяк* | 科热米亚科 | コジェミャコ | Kożemiak*
Volodin | 볼로딘 | Володин* | Володін* | 沃洛金 | ボロジン | Wołodin*
Naryshkin | 나리시킨 | Нарышкин* | Наришкін* | 纳雷什金 | 納雷什金 | ナルイシキン | Naryszkin*
North Korea | DPRK | 북한 | 조선민주주의인민공화국 | КНДР | Северная Корея | Северной Кореи | Северной Корее | Северную Корею | \
Северной Кореей | Північна Корея | Північної Кореї | Північній Кореї | Північну Корею | Північною Кореєю | 北朝鲜 | 北韓 | 北韩 | \
朝鲜民主主义人民共和国 | 北朝鮮 | 朝鮮民主主義人民共和国 | Korea Północna | Korei Północnej | Koreę Północną | Koreą Północną | KRLD | \
Nordkorea | Nordkoreas | Corée du Nord | RPDC | Corea del Norte
Russia | Russian Federation | 러시아 | 로씨야 | Россия | России | Россию | Россией | РФ | Росія | Росії | Росію | Росією | \
俄罗斯 | 俄羅斯 | ロシア | Rosja | Rosji | Rosję | Rosją | Russland | Russlands | Russie | Rusia
Pyongyang | 평양 | Пхеньян* | 平壤 | 平壌 | ピョンヤン | Pjongjang* | Phenian* | Pjöngjang* | Pionyang
Moscow | 모스크바 | Москва | Москвы | Москве | Москву | Москвой | Москви | Москві | Москвою | 莫斯科 | モスクワ | Moskwa | \
Moskwy | Moskwie | Moskwę | Moskwą | Moskau | Moskaus | Moscou | Moscú
Kremlin | 크렘린 | 크렘린궁 | Кремль | Кремля | Кремлю | Кремлем | 克里姆林宫 | 克里姆林宮 | クレムリン | Kreml | Kremla | Kremlu | Kremls
Vladivostok | 블라디보스토크 | Владивосток* | 符拉迪沃斯托克 | 海参崴 | 海參崴 | ウラジオストク | ウラジオストック | Władywostok* | Wladiwostok*
Vostochny | 보스토치니 | космодром* Восточн* | 东方航天发射场 | 東方太空發射場 | ボストーチヌイ | Wostocznyj* | Wostotschny
Khasan | 하산 | Хасан | Хасане | Хасана | Хасанск* | 哈桑 | ハサン | Chasan
Tumen River | Tumangang | Tumannaya | 두만강 | Туманная | Туманной | Туманную | Туманган* | 图们江 | 圖們江 | 豆満江 | rzek* Tumen
Rason | Rajin | Rajin-Sonbong | Najin | 나선시 | 라선 | 나진 | 라진 | Расон* | Раджин* | 罗先 | 羅先 | 罗津 | 羅津
Wonsan-Kalma | 원산갈마 | Вонсан-Кальм* | Вонсан-Калм* | 元山葛麻
Kursk | 쿠르스크 | 꾸르스크 | Курск | Курска | Курске | Курском | Курской | Курскую | Курськ* | 库尔斯克 | 庫斯克 | クルスク | Kursk* | Koursk
Alabuga | Yelabuga | 알라부가 | 옐라부가 | Алабуг* | Елабуг* | Єлабуг* | 阿拉布加 | アラブガ | Ałabug*
Primorye | Primorsky Krai | 연해주 | Приморье | Приморья | Приморск* кра* | 滨海边疆区 | 濱海邊疆區 | 沿海地方
Air Koryo | 고려항공 | Эйр Корё | 高丽航空 | 高麗航空
KCNA | Korean Central News Agency | 조선중앙통신 | ЦТАК | 朝中社 | 朝鲜中央通讯社 | 朝鮮中央通信
MSMT | Multilateral Sanctions Monitoring Team | 다국적제재모니터링팀 | 多国間制裁監視チーム
"""  # noqa: E501


def forms_of(phrase: str) -> tuple[str, ...]:
    """Every form of the entity that this phrase names, the phrase itself first; only the phrase if it names none."""
    return tuple(dict.fromkeys((phrase, *_entities().get(_plain(phrase), ()))))


@lru_cache(maxsize=1)
def _entities() -> dict[str, tuple[str, ...]]:
    lines = [tuple(line.split(" | ")) for line in _TABLE.strip().splitlines()]
    return {_plain(form): forms for forms in lines for form in forms}


def _plain(form: str) -> str:
    """How two ways of writing one form agree: case, hyphens and outer wild cards do not count."""
    return " ".join(fold(form.strip("*")).text.replace("-", " ").split())
