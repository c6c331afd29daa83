"""Stems that every article of this field shares, with what each weighs: data for monitor.core.group.

From the project's own texts (``python benchmarks/stories.py common``): fifths of a word's full weight, by how rare it is.
"""

COMMON = {
    0.2: (
        "a and aus con coreen d de del dem der des die do du el en et for i in kim krld l la le les los moscu "
        "na norcor nord nordko north of on pjongj polnoc por putin pyongy que rusia russe russia russla s sur "
        "the to un una und w y z в з и кндр на с у した シア ロシ 北朝 平壤 朝鮮 朝鲜 러 러시 북한 시아 했다 "
    ),
    0.4: (
        "000 ab al als am an antes as at au auf avec by casa contre corea coree dans das defens den depuis "
        "desde deux dla dos ein eine ejerci entre est from fur hasta hat horas im is it jong kiev kima korea "
        "korean korei kremli kursk las liefer lo mas milita millon minist mit moscou moscow moskau moskwa "
        "nach nicht nie no norte o od ou par para pierws pionya po pour poutin premie primer qui rakete rosja "
        "rosji rosyjs ruso russie russis se segun seit seoul seul sie sin sobre soldat su surcor sus that "
        "tres two uber ucrani ukrain une vez von vor was with ya za ze zolnie zu zum військ гур до за из й "
        "ким курськ кім о по про проти путин пхенья північ під розвід та україн чен що і із いる えた から され して する "
        "たと った てい とい ない めた ると れた アの クワ スク チン プー モス ーチ 俄國 俄方 俄朝 俄罗 制裁 北の 北韓 国の 外交 平壌 恩氏 斯克 斯科 普京 条約 正恩 派兵 罗斯 "
        "莫斯 金正 露朝 韓国 鮮の 김정 다고 두 라고 모스 북 북러 스크 었다 에서 우크 으로 이라 일 정은 크라 크바 파병 평양 푸틴 "
    ),
    0.6: (
        "1 2 23 3 4 5 8 about after ale ambasa ameryk amunic are arms artyku be bedzie before berich bezpie "
        "broni bronia ce chiny co cztery czy day defenc delega deutsc dprk dzong first foreig gegen go had "
        "has have he his how its jak jeden jest juz kolejn kraju kreml kurski kyiv last lawrow leader ma may "
        "men missil more moskwy near new not now obroni obrony obus oddzia off offici one onz out over peking "
        "pocisk pod podpis podroz poludn pomoc potwie presid prezyd przeci przed przez przyja przyje przywo "
        "putina putine r rakiet raz report robotn roku rosjan rozmow russes said sancti sankcj sankti say "
        "says securi selon seulu sojusz soldie sous south state them they three throug told trade treaty "
        "trzech tysiec u up us usa vladiv waffen war were what who wie will wojsko would wszyst wymian wywiad "
        "years а без владив во военны встреч від делега для догово зеленс к кореи корейс курско лавров мид "
        "минист москва назвал не област оборон перего под подпис поздра после постав презид прибыл примор "
        "провел против рабочи расска россии россий россия росії рф санкци северн северо сеула солдат сон хи "
        "цой через что ын ына это いう いた いと える かっ が平 きた けて け入 げた たが たロ だっ だと って での では で北 とし との とみ とロ なか なる にな "
        "には によ に北 のは の国 の新 の派 の軍 への まで めて める られ るの れば れる を公 を出 を渡 んだ アが ア側 ア大 イナ イル ウク クラ クル サイ サン スト ネル パー "
        "ミサ ライ ラブ リー ルの ルス ロフ ロ朝 ン大 ン氏 ート 一个 一位 一年 一次 上げ 不會 专家 両国 两个 两国 个月 中国 二十 交部 人员 人士 代表 任何 伙伴 会见 会談 会谈 "
        "作战 供与 俄国 俄羅 俄軍 保理 働者 元山 先の 克里 入れ 公司 公布 公開 共同 关系 兵の 兵を 兵士 军事 决议 出し 出席 分析 列車 初の 到着 労働 務省 北 北京 協力 卫星 去年 "
        "双方 发言 取引 受け 合作 同盟 否権 员会 員は 回应 国境 国家 国情 国連 在俄 在平 報告 場に 壌で 壤的 士兵 外務 外相 大使 大統 夫罗 姆林 委員 安保 安全 安理 官は 官员 "
        "对朝 専門 小时 尔斯 库尔 弾薬 情報 批准 技術 抵达 拉夫 拒否 提供 支援 政府 斯托 日 日本 書記 朝の 朝俄 朝军 朝方 条款 条约 林宫 機関 武器 氏が 氏と 決議 沃斯 没有 派遣 "
        "消息 満江 照片 理会 的是 石油 研究 砲弾 砲彈 科夫 签署 米国 組み 統領 総書 罗夫 羅斯 美元 美国 者の 者は 與俄 衛星 表示 要求 观察 言人 記は 訪問 認め 議が 认为 记者 "
        "访朝 豆満 赴俄 軍事 輸送 追加 邀请 部长 里姆 金総 铁路 門家 開し 関係 露の 韩国 領は 项目 首尔 首次 首爾 鮮が 鮮兵 鮮労 鲜士 건설 것이 겠다 결의 공개 관계 관은 교부 "
        "국은 국이 국정 군사 기술 기자 까지 나라 나진 년 노동 뉴스 는다 다는 대가 대사 대통 대표 도착 동맹 동자 두만 들어 들은 들이 라는 라디 라이 러에 렘린 렸다 로프 르스 만강 "
        "만에 말했 명 무기 미사 밝혔 방북 베이 보리 보스 부가 부는 블라 사관 사람 사일 사진 새 서는 서울 선희 스토 시간 아가 아에 안보 았다 양에 없다 에게 에는 연합 연해 열차 "
        "였다 외교 외무 원장 위성 위원 이 이나 이다 이징 인력 있다 자는 자들 장관 장에 장은 장이 전략 전문 전했 정보 정부 정상 정원 제재 졌다 조선 조약 중국 지만 지원 참석 첫 "
        "최선 쿠르 크렘 테이 통령 하고 하는 한 한국 한군 한다 한이 합뉴 해주 협력 혔다 회담 "
    ),
}
