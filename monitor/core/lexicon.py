"""How people, places and bodies are written in ten languages: data for monitor.core.names.

One concept a line: ``kind weight Name: way of writing | ...``. In scripts with word borders ``*`` stands for any ending
of a word; Korean, Chinese and Japanese are found inside words. Accents and case do not matter. The weight says how much
two articles have in common when both name it: what every article here names is worth little.
"""

PEOPLE = """
person 1.6 Kim Jong Un: kim jong un* | kim jong-un* | kim dzong un* | kim czong un* | kim yong un | kims | kim | ким чен ын* | кім чен ин* | чен ына | 김정은 | 金正恩 | 金総書記 | キム総書記 | 金委員長
person 2.0 Putin: putin* | poutine | путин* | путін* | 푸틴 | 普京 | 普丁 | 蒲亭 | プーチン
person 5.0 Kim Yo Jong: kim yo jong | kim yo-jong | kim jo dzong* | ким ё чжон | ким е чжон | кім йо чжон | kim's sister | 김여정 | 金与正 | 金與正 | キム・ヨジョン
person 5.0 Ju Ae: ju ae | ju-ae | dzu e | чжу э | 주애 | 主爱 | 主愛 | ジュエ
person 3.7 Lavrov: lavrov* | lawrow* | lawrowem | ławrow* | лавров* | 라브로프 | 拉夫罗夫 | 拉夫羅夫 | ラブロフ
person 4.2 Shoigu: shoigu* | shoygu* | schoigu | choigou | szojgu* | шойгу | 쇼이구 | 绍伊古 | 紹伊古 | ショイグ
person 5.0 Belousov: belousov* | bieloussov | belousow* | bielousow* | белоусов* | бєлоусов* | 벨로우소프 | 别洛乌索夫 | 贝洛乌索夫 | ベロウソフ
person 5.0 Volodin: volodin* | wolodin* | volodine | володин* | володін* | 볼로딘 | 沃洛金 | ボロジン | ウォロジン
person 5.0 Medvedev: medvedev* | medwedew* | miedwiediew* | медведев* | медведєв* | 메드베데프 | 梅德韦杰夫 | 梅德韋傑夫 | メドベージェフ
person 4.7 Peskov: peskov* | peskow* | pieskow* | песков* | пєсков* | 페스코프 | 佩斯科夫 | ペスコフ
person 5.0 Zakharova: zakharov* | zacharow* | sacharowa | захаров* | 자하로바 | 扎哈罗娃 | 扎哈羅娃 | ザハロワ
person 4.6 Matsegora: matsegor* | macegor* | мацегор* | 마체고라 | 马采戈拉 | 馬采戈拉 | マツェゴラ
person 4.3 Kozlov: kozlov* | kozlow* | козлов* | 코즐로프 | 科兹洛夫 | 科茲洛夫 | コズロフ
person 5.0 Kozhemyako: kozhemyako* | koziemiak* | кожемяк* | 코제먀코 | 科热米亚科 | コジェミャコ
person 5.0 Naryshkin: naryshkin* | naryszkin* | нарышкин* | наришкін* | 나리시킨 | 纳雷什金 | 納雷什金 | ナルイシキン
person 5.0 Patrushev: patrushev* | patruszew* | патрушев* | 파트루셰프 | 帕特鲁舍夫 | パトルシェフ
person 5.0 Rudenko: rudenko* | руденко | 루덴코 | 鲁坚科 | ルデンコ
person 5.0 Ushakov: ushakov* | uszakow* | ушаков* | 우샤코프 | 乌沙科夫 | ウシャコフ
person 5.0 Gerasimov: gerasimov* | gierasimow* | герасимов* | 게라시모프 | 格拉西莫夫 | ゲラシモフ
person 5.0 Lyubimova: lyubimov* | lubimow* | любимов* | 류비모바 | 柳比莫娃 | リュビモワ
person 5.0 Nebenzia: nebenzya | nebenzia | niebienzia | небензя | небензи | 네벤자 | 네벤쟈 | 涅边贾 | ネベンジャ
person 5.0 Matviyenko: matviyenko | matvienko | matwijenko | матвиенко | 마트비옌코 | 马特维延科 | マトビエンコ
person 5.0 Mishustin: mishustin* | miszustin* | мишустин* | 미슈스틴 | 米舒斯京 | ミシュスチン
person 5.0 Kolokoltsev: kolokoltsev* | kolokolcew* | колокольцев* | 콜로콜체프 | 科洛科利采夫
person 5.0 Melnichenko: melnichenko* | мельниченко | 멜니첸코
person 5.0 Murashko: murashko* | мурашко | 무라시코 | 穆拉什科
person 5.0 Alaudinov: alaudinov* | alaudinow* | алаудинов* | 알라우디노프
person 4.4 Choe Son Hui: choe son hui* | choe son-hui* | choi son hui* | czoe son hui | choe sun hui | цой сон хи | чхве сон хи | чхве сон хый | цой сон хі | 최선희 | 崔善姬 | 崔善姫 | チェ・ソンヒ
person 5.0 No Kwang Chol: no kwang chol | no kwang-chol | но гван чхоль* | но кван чхоль* | но кван чол* | 노광철 | 努光铁 | 努光鐵 | 努光鉄
person 5.0 Pak Jong Chon: pak jong chon | pak jong-chon | пак чон чхон* | 박정천 | 朴正天
person 5.0 Jo Yong Won: jo yong won | jo yong-won | чо ён вон | 조용원 | 赵甬元 | 趙甬元
person 5.0 Pak Thae Song: pak thae song | pak tae song | пак тхэ сон* | 박태성 | 朴泰成
person 5.0 Kim Tok Hun: kim tok hun | kim dok hun | ким ток хун* | 김덕훈 | 金德训 | 金徳訓
person 5.0 Choe Ryong Hae: choe ryong hae | choe ryong-hae | цой рён хэ | чхве рён хэ | 최룡해 | 崔龙海 | 崔龍海 | 崔竜海
person 5.0 Ri Chang Dae: ri chang dae | ri chang-dae | ли чхан дэ | 리창대 | 李昌大
person 5.0 Ri Yong Gil: ri yong gil | ri yong-gil | ли ён гиль* | 리영길 | 李永吉
person 4.9 Kim Yong Bok: kim yong bok | kim yong-bok | ким ён бок* | кім йон бок* | 김영복 | 金英福 | 金永福
person 5.0 Yun Jong Ho: yun jong ho | yun jong-ho | юн чжон хо | юн чон хо | 윤정호 | 尹正浩
person 5.0 Kim Song Nam: kim song nam | ким сон нам | 김성남 | 金成男
person 5.0 Ri Hi Yong: ri hi yong | ri hi-yong | ri hui yong | 리히용 | 李熙用
person 5.0 Sin Hong Chol: sin hong chol | син хон чхоль | 신홍철 | 辛洪哲
person 5.0 Kim Song: kim song | ким сон | 김성 대사
person 4.9 Trump: trump* | трамп* | 트럼프 | 特朗普 | 川普 | トランプ
person 5.0 Biden: biden* | байден* | 바이든 | 拜登 | バイデン
person 5.0 Xi Jinping: xi jinping* | xi | си цзиньпин* | сі цзіньпін* | 시진핑 | 习近平 | 習近平
person 4.6 Zelensky: zelensk* | zelenskiy* | zelenskyy* | selenskyj* | zelenski* | zełensk* | зеленск* | зеленськ* | 젤렌스키 | 泽连斯基 | 澤倫斯基 | 澤連斯基 | ゼレンスキー
person 5.0 Budanov: budanov* | budanow* | буданов* | 부다노프 | 부다노우 | 布达诺夫 | ブダノフ
person 5.0 Yoon Suk Yeol: yoon suk* | yoon | юн сок ёл* | юн сок ел* | 윤석열 | 尹대통령 | 윤 대통령 | 尹锡悦 | 尹錫悦 | 尹錫悅 | 尹大統領
person 5.0 Lee Jae Myung: lee jae myung* | lee jae-myung* | ли чжэ мён* | 이재명 | 이 대통령 | 李在明
person 5.0 Chung Dong-young: chung dong-young | chung dong young | 정동영 | 郑东泳
person 5.0 Wi Sung-lac: wi sung-lac | wi sung lac | 위성락 | 魏圣洛
person 5.0 Rubio: rubio | рубио | 루비오 | 鲁比奥 | 盧比歐 | ルビオ
person 5.0 Blinken: blinken* | блинкен* | 블링컨 | 布林肯 | ブリンケン
person 5.0 Hegseth: hegseth* | хегсет* | 헤그세스 | 赫格塞思 | ヘグセス
person 5.0 Austin: lloyd austin | austin | остин* | 오스틴 | 奥斯汀 | オースティン
person 5.0 Kirby: kirby* | кирби | 커비 | 柯比 | カービー
person 5.0 Sullivan: sullivan* | салливан* | 설리번 | 沙利文 | サリバン
person 5.0 Rutte: rutte* | рютте | 뤼터 | 뤼테 | 吕特 | ルッテ
person 5.0 Stoltenberg: stoltenberg* | столтенберг* | 스톨텐베르그 | 斯托尔滕贝格 | ストルテンベルグ
person 5.0 Guterres: guterres* | гутерриш* | 구테흐스 | 古特雷斯 | グテレス
person 5.0 Grossi: grossi | гросси | 그로시 | 格罗西 | グロッシ
person 5.0 Wang Yi: wang yi | ван и | 왕이 | 王毅
person 5.0 Li Qiang: li qiang | ли цян* | 리창 총리 | 李强 | 李強
person 5.0 To Lam: to lam | to-lam | то лам* | 또럼 | 苏林 | トー・ラム
person 5.0 Lukashenko: lukashenko* | łukaszenk* | lukaschenko* | лукашенко | 루카셴코 | 卢卡申科 | ルカシェンコ
person 5.0 Prigozhin: prigozhin* | prigożyn* | пригожин* | 프리고진 | 普里戈任 | プリゴジン
person 5.0 Kirill: patriarch kirill | патриарх* кирилл* | 키릴 총대주교 | 基里尔
person 5.0 Cho Hyun: cho hyun | 조현 장관 | 조현 외교 | 赵显 | 趙顕
person 5.0 Cho Tae-yul: cho tae-yul | cho tae yul | 조태열 | 赵兑烈 | 趙兌烈
person 5.0 Shin Won-sik: shin won-sik | shin won sik | 신원식 | 申源湜
person 5.0 Kim Yong-hyun: kim yong-hyun | kim yong hyun | 김용현 | 金龙显
person 5.0 Ryabkov: ryabkov* | riabkow* | рябков* | 랴브코프 | 리아브코프 | 里亚布科夫 | リャプコフ
person 5.0 Yevkurov: yevkurov* | jewkurow* | евкуров* | 예브쿠로프 | 叶夫库罗夫
person 5.0 Novak: novak | nowak aleks* | новак* | 노바크 | 诺瓦克
person 5.0 Bessent: bessent | бессент* | 베선트 | 贝森特
person 5.0 Waltz: mike waltz | waltz | 왈츠 | 沃尔兹
person 5.0 Vance: vance | вэнс* | 밴스 | 万斯 | バンス
person 5.0 Macron: macron* | макрон* | 마크롱 | 马克龙 | マクロン
person 5.0 Scholz: scholz* | шольц* | 숄츠 | 朔尔茨 | ショルツ
person 5.0 Merz: merz | мерц* | 메르츠 | 默茨 | メルツ
person 5.0 Kishida: kishida* | кисид* | 기시다 | 岸田
person 5.0 Ishiba: ishiba* | исиб* | 이시바 | 石破
person 5.0 Takaichi: takaichi* | такаити | 다카이치 | 高市
person 5.0 Abe: shinzo abe | abe | абэ | 아베 | 安倍
person 5.0 Moon Jae-in: moon jae-in | moon jae in | мун чжэ ин* | 문재인 | 文在寅
person 5.0 Modi: modi | моди | 모디 | 莫迪 | モディ
person 5.0 Witkoff: witkoff* | уиткофф* | 위트코프 | 维特科夫 | ウィトコフ
person 5.0 Sybiha: sybiha* | сибіг* | сибиг* | 시비하 | 瑟比加
person 5.0 Yermak: yermak | jermak* | єрмак* | ермак* | 예르마크
person 5.0 Syrskyi: syrsk* | сирськ* | сырск* | 시르스키
person 5.0 Umerov: umerov* | umierow* | умєров* | умеров* | 우메로프
person 5.0 Miller: matthew miller | 밀러 대변인 | 米勒
person 5.0 Sikorski: sikorsk* | сикорск*
person 5.0 Tusk: tusk* | туск*
person 5.0 Duda: duda | dudy | dudą
person 5.0 Borrell: borrell* | боррел* | 보렐 | 博雷利
person 5.0 Kallas: kallas* | каллас | 칼라스 | 卡拉斯
person 5.0 von der Leyen: von der leyen | фон дер ляйен | 폰데어라이엔
person 5.0 Tsivilev: tsivilev* | цивилев* | цивилёв* | 치빌료프
person 5.0 Kim Jong Il: kim jong il* | kim dzong il* | ким чен ир* | 김정일 | 金正日
person 5.0 Kim Il Sung: kim il sung* | kim ir sen* | ким ир сен* | 김일성 | 金日成
person 5.0 Sobyanin: sobyanin* | собянин* | 소뱌닌
person 5.0 Minnikhanov: minnikhanov* | минниханов* | 민니하노프
person 5.0 Orlov: vasily orlov | василий орлов | орлов* | 오를로프
person 5.0 Demeshin: demeshin* | демешин* | 데메신
"""

PLACES = """
place 0.8 North Korea: nk | n. korea* | n korean* | 북러 | 조러 | 朝俄 | 俄朝 | 露朝 | 北 | north korea* | n korea* | dprk* | nordkorea* | coree du nord | nord-coreen* | corea del norte | norcorea* | korea polnocna | korei polnocnej | korea pln | korei pln | koree polnocna | polnocnokorea* | coreia do norte | norte-corean* | trieu tien | кндр | северн* коре* | северокоре* | північн* коре* | північнокоре* | 북한 | 朝鲜 | 朝鮮 | 北韓 | 北韩
place 0.7 Russia: russia* | russland* | russisch* | russie | russe | russes | rusia | ruso* | rusa* | rosja* | rosji | rosje | rosyjsk* | russo* | nga | росси* | рф | російськ* | росі* | 러시아 | 俄罗斯 | 俄羅斯 | 俄 | ロシア | 露
place 1.3 Pyongyang: pyongyang* | pjongjang* | phenian* | piongyang* | пхеньян* | 평양 | 平壤 | 平壌 | ピョンヤン
place 1.7 Moscow: moscow* | moskau* | moscou | moscu | moskw* | москв* | 모스크바 | 莫斯科 | モスクワ
place 2.6 Ukraine: ukrain* | ucrania* | украин* | україн* | 우크라이나 | 우크라 | 乌克兰 | 烏克蘭 | ウクライナ
place 2.1 South Korea: south korea* | s korea* | seoul* | sudkorea* | coree du sud | sud-coreen* | corea del sur | surcorea* | coreia do sul | sul-corean* | korea poludniowa | korei poludniowej | korea pld | korei pld | poludniowokorea* | seul* | южн* коре* | южнокоре* | сеул* | південн* коре* | південнокоре* | 한국 | 남한 | 서울 | 韩国 | 韓國 | 首尔 | 首爾 | 韓国 | ソウル
place 2.6 the United States: us | u.s. | usa | united states | american* | washington* | etats-unis | estados unidos | stany zjednoczone | stanow zjednoczonych | waszyngton* | amerykansk* | сша | американ* | вашингтон* | 미국 | 美国 | 美國 | 米国 | アメリカ
place 3.3 Japan: japan* | tokyo* | tokio | japon* | japonsk* | япон* | токио | 일본 | 도쿄 | 日本 | 东京 | 東京
place 2.8 China: china* | chinese | beijing* | chine | chinois* | chiny | chin | chinsk* | pekin* | peking* | кита* | пекин* | пекін* | 중국 | 베이징 | 中国 | 中國 | 北京
place 5.0 Iran: iran* | tehran* | иран* | іран* | тегеран* | 이란 | 테헤란 | 伊朗 | イラン
place 4.6 Vietnam: vietnam* | wietnam* | viet nam | hanoi | вьетнам* | ханой | 베트남 | 越南 | ベトナム
place 5.0 Mongolia: mongolia* | монголи* | 몽골 | 蒙古 | モンゴル
place 4.9 Belarus: belarus* | bialorus* | беларус* | белорусс* | минск* | 벨라루스 | 白俄罗斯 | ベラルーシ
place 5.0 Syria: syria* | syri* | сири* | 시리아 | 叙利亚 | シリア
place 4.4 NATO: nato | otan | нато | 나토 | 北约 | 北約 | 北大西洋条約機構
place 4.7 the EU: eu | european union | ue | unii europejskiej | евросоюз* | ес | євросоюз* | 유럽연합 | 欧盟 | 歐盟 | 欧州連合
place 4.9 Germany: german* | deutsch* | allemagne | niemc* | niemieck* | германи* | 독일 | 德国 | ドイツ
place 5.0 the UK: britain | british | uk | wielk* brytan* | brytyjsk* | великобритан* | британ* | 영국 | 英国 | 英國 | イギリス
place 2.7 Kursk: kursk* | koursk* | курск* | курськ* | курщин* | 쿠르스크 | 库尔斯克 | 庫爾斯克 | クルスク
place 3.2 Vladivostok: vladivostok* | wladiwostok* | wladywostok* | владивосток* | 블라디보스토크 | 블라디보스톡 | 海参崴 | 海參崴 | 符拉迪沃斯托克 | ウラジオストク | ウラジオ
place 3.8 Khasan: khasan* | chasan* | хасан* | 하산 | 哈桑 | ハサン
place 4.4 Vostochny: vostochny* | wostoczny* | kosmodrom* | cosmodrom* | spaceport | восточн* космодром* | космодром* | 보스토치니 | 우주기지 | 东方航天发射场 | 航天发射场 | ボストーチヌイ | 宇宙基地
place 4.7 Khabarovsk: khabarovsk* | chabarowsk* | хабаровск* | 하바롭스크 | 哈巴罗夫斯克 | ハバロフスク
place 3.9 Primorye: primor* | kraj* nadmorsk* | примор* | 연해주 | 滨海边疆区 | 濱海邊疆區 | 沿海地方 | 沿海州
place 5.0 Alabuga: alabug* | yelabuga | алабуг* | елабуг* | 알라부가 | 옐라부가 | 阿拉布加 | アラブガ
place 5.0 Tatarstan: tatarstan* | татарстан* | 타타르스탄 | 鞑靼斯坦 | タタルスタン
place 5.0 Sakhalin: sakhalin* | сахалин* | 사할린 | 萨哈林 | サハリン
place 4.0 Wonsan: wonsan* | kalma* | вонсан* | кальма | 원산 | 갈마 | 元山 | 葛麻
place 3.3 Rason: rason | rajin* | najin | radzin | расон* | раджин* | 나선 | 라선 | 나진 | 라진 | 罗先 | 羅先 | 罗津 | 羅津
place 3.6 Tumen: tumen* | tuman* | туманн* | туманган* | туманная | 두만강 | 图们江 | 圖們江 | 豆满江 | 豆満江
place 5.0 Yongbyon: yongbyon* | йонбён* | ёнбён* | 영변 | 宁边 | 寧邊 | 寧辺
place 5.0 Sohae: sohae | tongchang-ri | сохэ | 동창리 | 서해위성 | 西海卫星 | 東倉里
place 5.0 Nampo: nampo | нампхо | 남포 | 南浦
place 4.6 Chongjin: chongjin | чхонджин* | 청진 | 清津
place 5.0 Sinpo: sinpo | синпхо | 신포 | 新浦
place 4.3 Donbas: donbas* | donetsk* | luhansk* | lugansk* | donieck* | донбас* | днр | лнр | донецк* | луганск* | 돈바스 | 도네츠크 | 루한스크 | 顿涅茨克 | 卢甘斯克 | ドネツク | ルガンスク
place 5.0 Zaporizhzhia: zaporizh* | zaporozh* | запорож* | запоріж* | 자포리자 | 扎波罗热
place 3.4 Kyiv: kyiv* | kiev* | kijow* | kijów | киев* | київ* | києв* | 키이우 | 기이우 | 基辅 | 基輔 | キーウ
place 5.0 Kharkiv: kharkiv* | kharkov* | charkow* | харьков* | харків* | харков* | 하르키우 | 哈尔科夫 | ハルキウ
place 5.0 Kaliningrad: kaliningrad* | калининград* | 칼리닌그라드
place 5.0 Siberia: siberia* | syberi* | sibirien* | сибир* | 시베리아 | 西伯利亚 | シベリア
place 5.0 Saint Petersburg: petersburg* | sankt-peter* | санкт-петербург* | петербург* | 상트페테르부르크 | 圣彼得堡 | サンクトペテルブルク
place 5.0 Singapore: singapore* | сингапур* | 싱가포르 | 新加坡
place 5.0 Alaska: alaska* | аляск* | 알래스카 | 阿拉斯加 | アラスカ
place 5.0 Panmunjom: panmunjom | панмунджом* | 판문점 | 板门店 | 板門店
place 5.0 Kamchatka: kamchatka* | камчатк* | 캄차카 | 勘察加
place 5.0 Red Square: red square | plac* czerwon* | красн* площад* | 붉은 광장 | 红场 | 紅場 | 赤の広場
place 5.0 Tiananmen: tiananmen | тяньаньмэнь | 톈안먼 | 천안문 | 天安门 | 天安門
place 5.0 India: india* | indie | indii | indien | inde | инди* | 印度 | インド
place 5.0 Israel: israel* | gaza* | hamas* | izrael* | израил* | хамас* | 이스라엘 | 하마스 | 가자지구 | 以色列 | 哈马斯 | イスラエル
place 5.0 Taiwan: taiwan* | tajwan* | тайван* | 대만 | 台湾 | 臺灣 | 台灣
place 5.0 Poland: poland* | polish | polsk* | polen | polnisch* | pologne | polonia | польш* | польск* | 폴란드 | 波兰 | ポーランド
place 5.0 France: france | francj* | frankreich | franci* | франци* | 프랑스 | 法国 | フランス
place 5.0 Australia: australia* | австрал* | 호주 | 澳大利亚 | オーストラリア
place 5.0 Canada: canada* | kanad* | канад* | 캐나다 | 加拿大 | カナダ
place 5.0 Belgorod: belgorod* | biełgorod* | bielgorod* | белгород* | бєлгород* | 벨고로드 | 别尔哥罗德 | ベルゴロド
place 5.0 Pokrovsk: pokrovsk* | pokrowsk* | покровск* | покровськ* | 포크로우스크 | 红军城 | 波克罗夫斯克
place 5.0 Sumy: sumy | сумськ* | сумск* | сумщин* | 수미 | 苏梅
place 5.0 Black Sea: black sea | morz* czarn* | черн* мор* | 흑해 | 黑海 | 黒海
place 5.0 Sunan: sunan | сунан* | 순안 | 顺安 | 順安
place 5.0 Liberation Tower: liberation tower | освобожден* монумент* | монумент* освобожден* | обелиск* освобожден* | 해방탑 | 解放塔
place 5.0 Kumsusan: kumsusan | кымсусан* | 금수산 | 锦绣山 | 錦繍山
place 5.0 Mangyongdae: mangyongdae | мангёндэ | 만경대 | 万景台
place 5.0 Amur: amur oblast | amur | амурск* | 아무르 | 阿穆尔 | アムール
place 5.0 Komsomolsk: komsomolsk* | комсомольск* | 콤소몰스크 | 共青城 | コムソモリスク
place 5.0 Kazan: kazan* | казан* | 카잔 | 喀山 | カザン
place 5.0 Minsk: minsk* | mińsk* | минск* | 민스크 | 明斯克 | ミンスク
place 5.0 Buryatia: buryat* | ulan-ude | бурят* | 부랴트 | 울란우데 | 布里亚特
place 5.0 Dunay: dunay | dunai | дунай* | 두나이 | ドゥナイ
place 5.0 Tikhoretsk: tikhoretsk* | тихорецк* | 티호레츠크
place 5.0 Sochi: sochi | soczi | сочи | 소치 | 索契 | ソチ
place 5.0 Laos: laos* | лаос* | 라오스 | 老挝 | ラオス
place 5.0 Cuba: cuba* | kuba | куб* | 쿠바 | 古巴 | キューバ
place 5.0 Africa: africa* | afryk* | африк* | 아프리카 | 非洲 | アフリカ
place 5.0 Pacific Fleet: pacific fleet | тихоокеанск* флот* | 태평양함대 | 太平洋舰队 | 太平洋艦隊
place 5.0 Shenyang: shenyang | dalian | 선양 | 다롄 | 沈阳 | 大连
place 5.0 Dandong: dandong | 단둥 | 丹东 | 丹東
place 4.7 Korean peninsula: korean peninsula | polwys* korean* | koreanisch* halbinsel | peninsule coreenne | корейск* полуостров* | 한반도 | 半岛 | 半島
"""

BODIES = """
body 3.5 the UN Security Council: security council | unsc | u.n. security | sicherheitsrat* | conseil de securite | consejo de seguridad | rady bezpieczenstwa | rada bezpieczenstwa | radzie bezpieczenstwa | rb onz | совбез* | совет* безопасности оон | радбез* | 안보리 | 안전보장이사회 | 安理会 | 安理會 | 安保理
body 3.6 the UN: u.n. | united nations | onu | onz | vereint* nation* | оон | 유엔 | 联合国 | 聯合國 | 国連
body 4.7 the NIS: nis | national intelligence service | spy agency | wywiad | wywiadu | agence* d'espionnage | разведк* южн* коре* | нацразведк* | 국정원 | 국가정보원 | 国情院 | 國情院 | 国家情報院
body 5.0 the JCS: joint chiefs* | объединенн* комитет* начальников штабов | 합참 | 합동참모본부 | 联合参谋本部 | 合同参謀本部
body 3.7 KCNA: kcna* | korean central news agency | state media | ks. koreanische | центральн* телеграфн* агентств* кореи | цтак | 조선중앙통신 | 조선중앙TV | 노동신문 | 로동신문 | 朝中社 | 朝鲜中央通讯社 | 朝鮮中央通信 | 労働新聞
body 3.0 the Kremlin: kremlin* | kreml* | кремл* | 크렘린 | 크렘린궁 | 克里姆林宫 | クレムリン
body 4.7 the White House: white house | bialy dom | bialego domu | bialym domu | maison blanche | casa blanca | weiss* haus* | бел* дом* | 백악관 | 白宫 | 白宮 | ホワイトハウス
body 5.0 the Pentagon: pentagon* | пентагон* | 펜타곤 | 미 국방부 | 五角大楼 | 五角大廈 | 米国防総省 | 国防総省
body 5.0 the State Department: state department | departament* stanu | госдеп* | держдеп* | 국무부 | 国务院发言 | 美国务院 | 国務省
body 5.0 the US Treasury: treasury | minfin сша | минфин* сша | минфін* сша | 재무부 | 财政部 | 財務省
body 4.4 the State Duma: state duma | duma | dumy | госдум* | 국가두마 | 두마 | 하원의장 | 国家杜马 | 下院
body 5.0 HUR: hur | gur | ukrain* military intelligence | гур | 우크라 정보총국 | 정보총국 | 情报总局
body 4.7 MSMT: msmt | multilateral sanctions monitoring team | 다국적제재모니터링팀 | 多国間制裁監視チーム
body 5.0 the Panel of Experts: panel of experts | expert panel | panel* ekspertow | групп* экспертов | 전문가패널 | 전문가 패널 | 专家小组 | 專家小組 | 専門家パネル
body 5.0 ISW: isw | institute for the study of war | институт* изучения войны | 전쟁연구소 | 战争研究所 | 戦争研究所
body 5.0 38 North: 38 north | 38노스
body 5.0 G7: g7 | большой семерки | 주요 7개국 | 七国集团 | 先進7カ国
body 5.0 IAEA: iaea | aiea | maea | магатэ | 국제원자력기구 | 国际原子能机构 | 国際原子力機関
body 4.7 Wagner: wagner* | вагнер* | 바그너 | 瓦格纳 | ワグネル
body 5.0 the Workers' Party: workers' party | workers party | partii pracy | трудов* парти* | 노동당 | 로동당 | 劳动党 | 勞動黨 | 労働党
body 5.0 United Russia: united russia | jedn* rosj* | един* росси* | 통합러시아당 | 统一俄罗斯 | 統一ロシア
body 5.0 Rosatom: rosatom* | росатом* | 로사톰 | 俄原子能
body 5.0 Roscosmos: roscosmos* | роскосмос* | 로스코스모스 | 俄航天
body 5.0 Russian Railways: russian railways | rzd | ржд | 러시아 철도 | 俄铁路
body 5.0 BBC: bbc | би-би-си
body 5.0 Wall Street Journal: wall street journal | wsj | ＷＳＪ | 월스트리트저널 | 华尔街日报
body 5.0 Financial Times: financial times | ft | 파이낸셜타임스 | 파이낸셜 타임스
body 5.0 Reuters: reuters* | рейтер* | 로이터
body 5.0 New York Times: new york times | nyt | 뉴욕타임스 | 纽约时报
body 5.0 AP: associated press
body 4.7 TASS: tass | тасс | 타스 | 타스통신 | 塔斯社 | タス通信
body 5.0 the Red Cross: red cross | czerwon* krzyz* | красн* крест* | 적십자 | 红十字 | 赤十字
body 4.0 the Foreign Ministry: foreign ministry | msz | aussenministerium | ministere des affaires etrangeres | мид кндр | мид росси* | 외무성 | 외교부 | 外交部 | 外务省 | 外務省
body 5.0 the Unification Ministry: unification ministry | министерств* объединения | 통일부 | 统一部 | 統一省
body 5.0 the Defence Ministry: defen* ministry | ministerstw* obrony | verteidigungsministerium | 국방부 | 국방성 | 国防部 | 国防省
body 5.0 BRICS: brics | брикс | 브릭스 | 金砖
body 5.0 SCO: sco | shanghai cooperation | шос | 상하이협력기구 | 上合组织 | 上海合作组织 | 上海協力機構
body 5.0 Eastern Economic Forum: eastern economic forum | восточн* экономическ* форум* | вэф | 동방경제포럼 | 东方经济论坛 | 東方経済フォーラム
body 5.0 the National Assembly: national assembly | lawmakers told | 국회 정보위 | 정보위 | 国会
body 5.0 the Supreme People's Assembly: supreme people's assembly | верховн* народн* собран* | 최고인민회의 | 最高人民会议 | 最高人民会議
body 5.0 CNN: cnn | cnn방송
body 5.0 Washington Post: washington post | 워싱턴포스트 | 华盛顿邮报
body 5.0 NHK: nhk
body 5.0 Interfax: interfax* | интерфакс* | 인테르팍스
body 5.0 ICC: international criminal court | 국제형사재판소 | 国际刑事法院
"""

# Which side somebody speaks for. The two that the watch is about are in every story; the others tell stories apart.
SIDES = {
    "South Korea": "South Korea|the NIS|the JCS|the Unification Ministry|the National Assembly|Yoon Suk Yeol|"
    "Lee Jae Myung|Chung Dong-young|Wi Sung-lac|Cho Hyun|Cho Tae-yul|Shin Won-sik|Kim Yong-hyun|Moon Jae-in",
    "the United States": "the United States|the White House|the Pentagon|the State Department|the US Treasury|Trump|"
    "Biden|Rubio|Blinken|Hegseth|Austin|Kirby|Sullivan|Vance|Waltz|Bessent|Miller|Witkoff",
    "Ukraine": "Ukraine|Kyiv|HUR|Zelensky|Budanov|Sybiha|Yermak|Syrskyi|Umerov",
    "Japan": "Japan|Kishida|Ishiba|Takaichi|Abe",
    "China": "China|Xi Jinping|Wang Yi|Li Qiang",
    "Europe": "the EU|Germany|the UK|France|Poland|Borrell|Kallas|von der Leyen|Macron|Scholz|Merz|Sikorski|Tusk|Duda",
    "NATO": "NATO|Rutte|Stoltenberg",
    "the UN": "the UN|the UN Security Council|Guterres|Nebenzia|Kim Song",
    "Vietnam": "Vietnam|To Lam",
    "Russia": "Russia|Moscow|the Kremlin|Putin|Lavrov|Shoigu|Belousov|Volodin|Medvedev|Peskov|Zakharova|Matsegora|"
    "Kozlov|Kozhemyako|Naryshkin|Patrushev|Rudenko|Ushakov|Gerasimov|Lyubimova|Matviyenko|Mishustin|Kolokoltsev|"
    "Ryabkov|Yevkurov|Novak|the State Duma|TASS|Interfax",
    "North Korea": "North Korea|Pyongyang|KCNA|Kim Jong Un|Kim Yo Jong|Choe Son Hui|No Kwang Chol|Pak Jong Chon|"
    "Jo Yong Won|Pak Thae Song|Choe Ryong Hae|Kim Yong Bok|the Workers' Party",
}

# Short names of headlines, which mean a side only where they stand alone: 북 신형 미사일, 日米韓、非難.
SHORT = {
    "North Korea": "북北朝", "Russia": "러俄露", "the United States": "미美米", "South Korea": "한韓韩", "China": "중中",
    "Japan": "日",
}  # fmt: skip
