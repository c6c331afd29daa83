"""How weapons and kinds of event are written in ten languages: data for monitor.core.names, as in monitor.core.lexicon."""

ARMS = """
arms 4.8 KN-23: kn-23 | kn23 | кн-23 | hwasong-11* | хвасон-11*
arms 5.0 Hwasong: hwasong* | хвасон* | 화성- | 화성포 | 火星- | 火星炮 | 火星砲
arms 5.0 Iskander: iskander* | искандер* | 이스칸데르 | 伊斯坎德尔 | イスカンデル
arms 4.7 Pantsir: pantsir* | pancyr* | панцир* | 판치르 | 铠甲 | パーンツィリ
arms 5.0 Koksan: koksan* | коксан | 곡산 | 谷山
arms 5.0 Shahed: shahed* | geran* | szahed* | шахед* | герань | 샤헤드 | 게란 | 沙希德 | シャヘド
arms 5.0 Choe Hyon: choe hyon | choi hyon | чхве хён | чой хён | 최현호 | 최현급 | 崔贤号 | 崔賢
arms 5.0 Malligyong: malligyong* | маллигён* | 만리경 | 万里镜 | 万里鏡
arms 4.7 destroyer: destroyer* | niszczyciel* | zerstorer* | эсмин* | 구축함 | 驱逐舰 | 驅逐艦 | 駆逐艦
arms 4.4 submarine: submarine* | okret* podwodn* | u-boot* | подлодк* | подводн* лод* | 잠수함 | 潜艇 | 潛艇 | 潜水艦 | 原潜
arms 3.5 satellite: satellit* | satelit* | спутник* | супутник* | 위성 | 卫星 | 衛星
arms 4.7 ballistic missile: ballistic | balistyczn* | balistic* | balistiqu* | ballistisch* | баллистич* | балістич* | 탄도미사일 | 弹道导弹 | 彈道 | 弾道
arms 4.4 air defence: air defen* | anti-aircraft | obron* przeciwlotnicz* | luftabwehr | пво | зенитн* | 방공 | 반항공 | 지대공 | 防空 | 地対空 | 対空
arms 3.6 drones: drone* | uav* | dron | drony | dronow | drohne* | беспилот* | дрон* | бпла | безпілот* | 드론 | 무인기 | 无人机 | 無人機 | ドローン
arms 2.8 shells: shell | shells | artillery | ammunition | munition* | amunicj* | obus | artyler* | artiller* | granat* | municion | снаряд* | боеприпас* | артиллер* | боєприпас* | артилер* | 포탄 | 탄약 | 포병 | 자주포 | 방사포 | 炮弹 | 砲彈 | 弹药 | 彈藥 | 火炮 | 砲弾 | 弾薬
arms 3.9 nuclear: nuclear | nuklearn* | atomwaffen | atom* | nucleair* | nucleaire* | jadrow* | ядерн* | 핵무기 | 핵실험 | 핵잠 | 비핵화 | 核
arms 4.8 tanks: tank | tanks | czolg* | panzer* | танк* | 전차 | 탱크 | 坦克 | 戦車
arms 5.0 fighter jets: fighter jet* | fighter plane* | mysliw* | kampfjet* | истребител* | 전투기 | 战斗机 | 戰機 | 戦闘機
arms 2.9 missiles: missile* | rocket* | rakiet* | pocisk* | rakete* | missil* | misil* | cohete* | ракет* | 미사일 | 로켓 | 导弹 | 導彈 | 飞弹 | 飛彈 | 火箭 | ミサイル | ロケット
arms 5.0 ICBM: icbm | intercontinental* | miedzykontynental* | interkontinental* | межконтинентальн* | 대륙간탄도 | 洲际 | 洲際 | 大陸間弾道
arms 5.0 howitzers: howitzer* | self-propelled gun* | haubic* | haubitz* | samobiezn* armat* | гаубиц* | самоходн* | самохідн* | гармат* | 자주포 | 곡사포 | 榴弹炮 | 自走砲
arms 5.0 rocket launchers: rocket launcher* | mlrs | multiple launch | рсзо | реактивн* систем* | 방사포 | 다연장 | 火箭炮 | 多連装
arms 5.0 hypersonic: hypersonic* | hipersoniczn* | hyperschall* | гиперзвук* | 극초음속 | 高超音速 | 極超音速
arms 5.0 warships: warship* | frigate* | corvette* | okret* wojenn* | kriegsschiff* | военн* корабл* | фрегат* | корвет* | 군함 | 호위함 | 초계함 | 军舰 | 護衛艦 | 軍艦
arms 5.0 electronic warfare: electronic warfare | jammer* | jamming | рэб | 전자전 | 교란 | 电子战 | 電子戦
arms 4.7 reactor: reactor* | reaktor* | реактор* | 원자로 | 반응로 | 反应堆 | 原子炉
arms 4.7 engine: engine | engines | silnik* | triebwerk* | двигател* | 엔진 | 发动机 | エンジン
arms 5.0 helicopters: helicopter* | smiglow* | hubschrauber | вертолет* | 헬기 | 헬리콥터 | 直升机 | ヘリ
arms 5.0 mines: mines | mine clear* | мины | 지뢰 | 地雷
"""

EVENTS = """
event 3.0 visit: visit* | trip | wizyt* | besuch* | visite* | visita* | odwiedz* | tham | визит* | посети* | посещ* | візит* | 방문 | 방러 | 방북 | 방중 | 방한 | 순방 | 访问 | 訪問 | 访朝 | 访俄 | 訪朝 | 訪露 | 訪ロ | 到访 | state visit | tour | travel* | voyage | viaje | поездк* | поїздк* | 방문해 | 찾아 | 시찰 | 出访 | 国事访问 | 訪れ | 訪中
event 3.2 arrive: arriv* | lands in | lands | przyby* | przylec* | przyjech* | przyjazd* | ankunft | eingetroffen | llega* | chega* | прибы* | прилет* | прибу* | 도착 | 抵达 | 抵達 | 到着 | touch* down | steps off | landed | land in | here for | przybycie | wylądowal* | wyladowal* | landet* | eintr* | arrive* | aterriz* | приземлил* | приехал* | прилетіл* | 왔다 | 到達 | 到着し | 着いた | 도착해
event 3.4 leave: depart* | leaves | left for | headed to | heads to | heading to | en route | lecą do | wyjech* | wyrusz* | uda się | wybiera się | отправил* | отбы* | вылет* | виїха* | 출발 | 출국 | 떠나 | 향해 | 启程 | 啟程 | 离开 | 前往 | 出発 | left | leaving | flies on | flies to | flew from | opuscil* | wylecial* | verlass* | verliess* | quitte* | покинул* | уехал* | улетел* | 떠난 | 출발했 | 순방길 | 离 | 出国 | 離れ
event 4.1 return: return* home | returned | returns | wroci* | powroci* | вернул* | возврат* | повернул* | 귀국 | 귀환 | 복귀 | 返回 | 回国 | 帰国 | 帰還 | way home | heads home | back home | back from | wraca do | zuruck | rentre* | regresa* | возвраща* | 귀로 | 귀국길 | 돌아 | 回到 | 帰路
event 2.5 meet: meet | meets | met | meeting | talks | discuss* | confer | hosts | hosted | receives | received | summit | spotka* | rozmow* | treff* | traf | gesprach* | rencontr* | reunion | reuni* | encontr* | встрет* | встреч* | переговор* | саммит* | зустрі* | 회담 | 면담 | 접견 | 회동 | 만나 | 만남 | 만났 | 정상회담 | 会见 | 會見 | 会谈 | 會談 | 会晤 | 會晤 | 见面 | 見面 | 会談 | 会見 | 面会 | 首脳会談 | negotiat* | hold* talks | sit down | converse* | dialogue | przyjal* | przyjm* | odbyli rozmow* | беседова* | провели встреч* | провел* переговор* | принял главу | 대화 | 만났다 | 만나고 | 회견 | 晤 | 接见 | 接見 | 面談 | 会った
event 4.7 phone call: phone call | phone | telephone* | by phone | telefonicz* | telefonat* | telefon* | telefoniert* | appel telephonique | телефон* | созвон* | 전화 | 통화 | 通话 | 通話 | 電話
event 3.4 letter: letter | letters | message | telegram* | correspondence | list do | listy | korespondenc* | lettre* | carta | cartas | письм* | послани* | телеграмм* | лист | 친서 | 편지 | 서한 | 축전 | 답전 | 전문 | 致电 | 致信 | 贺电 | 賀電 | 互致 | 親書 | 書簡 | 祝電 | note | letters | greetings | zyczenia | schreiben | schreibt | pisze do | brief | briefe | ecrit | escribe | обменял* поздравл* | поздравлен* | 메시지 | 电报 | 贺信 | メッセージ
event 4.6 congratulate: congratulat* | greeting* | gratul* | felicit* | поздрав* | привітал* | 축하 | 축전 | 祝贺 | 祝賀 | 贺电
event 4.6 invite: invit* | zaprosz* | zaprosi* | einlad* | приглас* | приглаш* | запрос* | 초청 | 초대 | 邀请 | 邀請 | 招待
event 4.3 gift: gift | gifts | limousine* | aurus* | prezent* | geschenk* | cadeau* | подар* | лимузин* | подарунк* | 선물 | 아우루스 | 리무진 | 礼物 | 禮物 | 贈り物 | 贈
event 4.0 train journey: armored train | armoured train | by train | pociąg* pancern* | pociag* | panzerzug | train blinde | tren blindado | бронепоезд* | поезд* | 열차 | 전용열차 | 专列 | 專列 | 列车 | 列車
event 3.4 ship voyage: ship | ships | vessel* | cargo ship* | freighter* | statk* | statek | schiff* | navire* | buque* | судн* | корабл* | сухогруз* | 선박 | 화물선 | 함정 | 船 | 货轮 | 貨輪 | 貨物船
event 3.7 flight: flight* | airline* | air koryo | nordwind* | lot | loty | lotow | flug | fluge | vols | рейс* | авиарейс* | авиасообщен* | 직항 | 항공편 | 고려항공 | 航班 | 直航 | 直行便 | 定期便
event 3.6 bridge: bridge* | most | mostu | brucke | pont | puente | мост* | міст | 다리 | 교량 | 대교 | 자동차다리 | 公路桥 | 大桥 | 大橋 | 橋
event 3.7 railway: railway* | rail | rail line | kolej* | eisenbahn* | ferroviaire | железн* дорог* | железнодорож* | 철도 | 철길 | 铁路 | 鐵路 | 鉄道
event 4.0 port: port | ports | harbour | harbor | hafen | порт | порта | порту | 항구 | 항만 | 港口 | 港
event 4.0 tourism: touris* | turyst* | touriste* | turist* | resort | kurort* | турист* | туризм* | курорт* | 관광 | 여행 | 旅游 | 旅遊 | 观光 | 游客 | 観光
event 3.0 workers: worker* | labor* | labour* | robotnik* | pracownik* | arbeiter* | arbeitskraft* | ouvrier* | trabajador* | рабоч* | рабочая сила | робітник* | 노동자 | 근로자 | 인력 | 건설노동 | 劳工 | 勞工 | 工人 | 劳动力 | 労働者 | builder* | labourer* | budowlan* | bauarbeiter* | строители | строителей | працівник* | 건설자 | 人力 | 劳务 | 作業員 | 建設要員
event 4.3 students: student* | education | uniwersytet* | schuler* | студент* | образован* | университет* | 유학생 | 대학생 | 학생 | 教育 | 留学生 | 大学
event 3.4 oil: oil | petroleum | fuel | ropa | ropy | paliw* | ol | petrole | petroleo | нефт* | топлив* | нафт* | 석유 | 원유 | 정제유 | 유류 | 石油 | 原油 | 燃料
event 4.2 food: food | wheat | flour | grain | zywnos* | getreide | lebensmittel | nourriture | alimentos | продовольств* | пшениц* | мук* | зерн* | 식량 | 밀가루 | 곡물 | 粮食 | 糧食 | 食料 | 食糧 | 小麦
event 3.1 trade: trade | export* | import* | commerce | handel* | eksport* | wirtschaft* | comercio | торгов* | экспорт* | импорт* | товарооборот* | торгівл* | 무역 | 교역 | 수출 | 수입 | 贸易 | 貿易 | 出口 | 輸出 | 輸入
event 2.1 troops: troop* | soldier* | servicem* | fighters | soldat* | truppen* | zolnier* | wojsk* | soldados | tropas | militaires | солдат* | военнослуж* | войск* | бойц* | військов* | солдат | 병력 | 파병 | 군인 | 병사 | 북한군 | 部队 | 部隊 | 士兵 | 派兵 | 出兵 | 兵士 | 兵力 | division* | regiment* | unit | army | dywizj* | armia | einheit* | armee | unite* | unidad* | дивизи* | полк* | подразделен* | армия | армии | підрозділ* | 부대 | 사단 | 여단 | 장병 | 군대 | 朝军 | 军队 | 軍隊 | 朝鲜军 | 北朝鮮兵 | 将兵
event 4.1 sappers: sapper* | deminer* | demining | engineer* unit | saper* | minenraum* | сапер* | сапёр* | разминиров* | 공병 | 지뢰 | 工兵 | 排雷 | 地雷
event 3.8 casualties: killed | casualt* | dead | deaths | died | losses | wounded | injur* | zgin* | zabit* | straty | strat | rannych | gefallen* | getotet | morts | blesses | muert* | mortos | погиб* | потер* | ранен* | убит* | загиб* | втрат* | 사망 | 사상자 | 전사 | 부상 | 희생 | 숨져 | 숨진 | 阵亡 | 陣亡 | 伤亡 | 傷亡 | 死伤 | 死亡 | 戦死 | 死傷
event 4.1 captured: captur* | prisoner* | pow | pows | schwytan* | pojman* | jenc* | gefangen* | kriegsgefang* | prisonnier* | prisioner* | плен* | пленн* | військовополонен* | полон* | 포로 | 생포 | 俘虏 | 俘虜 | 战俘 | 戰俘 | 捕虜 | seized | przejel* | zdobyl* | erbeut* | захватил* | захопил* | трофе* | 노획 | 缴获 | 鹵獲
event 5.0 defect: defect* | dezerc* | desert* | перебеж* | дезертир* | 귀순 | 탈북 | 망명 | 탈영 | 叛逃 | 脱北 | 亡命
event 3.7 training: train troops | training | drill* | exercise* | cwicze* | manewr* | ubung* | manover* | exercice* | ejercicio* | учени* | трениров* | обучен* | навчан* | 훈련 | 연습 | 训练 | 演习 | 演習 | 軍演 | 訓練
event 3.8 launch: launch* | fires | fired | test-fire* | test fire* | wystrzel* | wystrzeli* | odpali* | start eines | abgefeuert | feuert | tire | tir | lanza | lanca | запуст* | запуск* | выпусти* | испыта* | запусти* | 발사 | 쏘아 | 쐈다 | 시험사격 | 发射 | 發射 | 试射 | 試射 | 発射
event 4.3 parade: parade | parada | parad* | defilad* | desfile | парад* | 열병식 | 阅兵 | 閱兵 | 軍事パレード | パレード
event 4.5 anniversary: anniversar* | commemorat* | rocznic* | jahrestag* | anniversaire | aniversario | годовщин* | юбиле* | лети* | річниц* | 기념 | 주년 | 纪念 | 紀念 | 周年 | 記念 | 週年
event 4.5 monument: monument* | memorial* | museum | pomnik* | denkmal* | muzeum | памятник* | мемориал* | музе* | пам'ятник* | 기념비 | 기념관 | 추모 | 동상 | 纪念馆 | 纪念碑 | 記念碑 | 記念館
event 4.0 medal: medal* | award* | decorat* | honor* | honour* | heroes | hero | odznacz* | bohater* | auszeichn* | geehrt | orden* | hero* | наград* | орден* | геро* | медал* | 훈장 | 표창 | 영웅 | 수여 | 勋章 | 勳章 | 英雄 | 表彰 | 授予 | 勲章 | decorate* | pins | commend* | hold* hero | 표창식 | 치하 | 荣誉 | 嘉奖
event 4.4 funeral: funeral* | coffin* | mourn* | wreath* | pogrzeb* | trumn* | похорон* | гроб* | венк* | 유해 | 유족 | 장례 | 헌화 | 조문 | 葬礼 | 葬禮 | 遗体 | 遺体 | 遺族 | 献花
event 2.3 treaty: treaty | pact | agreement | accord | deal | partnership agreement | traktat* | umow* | uklad* | partnerschaftsabkommen | abkommen | vertrag* | traite | accord* | tratado | acuerdo | acordo | договор* | соглашен* | пакт* | угод* | договір | 조약 | 협정 | 条约 | 條約 | 协定 | 協定 | 协议 | 協議書 | 条約 | accord | pacts | sojusznicz* | porozumieni* | vereinbar* | pakt | pakts | convenio | меморандум* | 협약 | 양해각서 | 备忘录 | 覚書
event 3.2 sign: sign | signs | signed | signing | podpis* | unterzeichn* | unterschr* | signent | signe | firma* | assina* | подпис* | підпис* | 서명 | 체결 | 签署 | 簽署 | 签订 | 署名 | 調印 | seal* | puts name | besiegel* | zawarl* | paraf* | скрепил* | 서명했 | 签字 | 签约 | 簽 | 締結
event 4.0 ratify: ratif* | ratyfik* | ratifiz* | ратифи* | ратифік* | 비준 | 批准
event 4.1 veto: veto* | wet* | вето | 거부권 | 否决 | 否決 | 拒否権
event 2.9 sanctions: sanction* | sankcj* | sankt* | sancion* | sancoes | санкци* | санкці* | 제재 | 制裁
event 4.1 deny: den* allegations | denies | denied | deny | denying | zaprzecz* | dementi* | dement* | niega | desmient* | nega | neg* | опроверг* | отрица* | отверг* | заперечи* | спростува* | 부인 | 반박 | 일축 | 否认 | 否認 | 否定 | rumour* | rumor* | groundless | baseless | never exported | shrug* | plotk* | bezpodstawn* | не соответству* | 사실무근 | 낭설 | 적 없다 | 没有 | 无端 | 事実無根
event 4.0 condemn: condemn* | denounc* | blast* | slam* | criti* | potepi* | verurteil* | kritisier* | condamn* | denonc* | conden* | осуд* | раскритиков* | засуд* | 규탄 | 비난 | 비판 | 谴责 | 譴責 | 批评 | 抨击 | 非難 | 批判
event 4.4 warn: warn* | ostrzeg* | ostrzez* | warnt | avert* | advierte | предупред* | попередж* | 경고 | 우려 | 警告 | 懸念
event 4.4 accuse: accus* | alleg* | oskarz* | beschuldig* | accus* | acusa* | обвин* | звинува* | 주장 | 의혹 | 指责 | 指責 | 指控 | 非難
event 3.1 support: support* | back | backs | backing | solidarity | stand with | poparc* | popier* | wsparci* | wspiera* | solidarnos* | unterstutz* | soutien | soutient | apoyo | поддерж* | солидар* | підтрим* | 지지 | 지원 | 연대 | 支持 | 声援 | 支援 | 連帯
event 2.3 supply: suppl* | deliver* | shipped | shipment* | ships arms | send* | sent | dostaw* | dostarcz* | wysla* | liefer* | livr* | envoi* | envia* | entrega* | постав* | передал* | отправк* | постача* | 공급 | 제공 | 보내 | 보냈 | 수송 | 선적 | 提供 | 供应 | 運 | 供給 | 送った | provid* | transfer* | received arms | hand* over | przekaz* | trafi* do | zaopatr* | geliefert | fourni* | suministr* | поставк* | передач* | передала | передав | 넘겨 | 지원 | 이전 | 수출 | 交付 | 移交 | 运送 | 援助 | 提供し | 引き渡
event 2.9 arms deal: weapon* | arms | broni | bron | bronia | uzbrojen* | waffen* | armes | armement* | armas | оружи* | вооружен* | зброя | зброї | зброю | 무기 | 군수 | 武器 | 军火 | 軍火 | 兵器
event 5.0 failure: failed launch | fails | failure | failed | nieudan* | fehlgeschlagen | gescheitert | echec | неудач* | провал* | невдал* | 실패 | 失败 | 失敗
event 3.7 technology: technolog* | technolo* | техноло* | 기술 | 技术 | 技術
event 4.7 space: space | kosmiczn* | kosmos | raumfahrt | weltraum | espace | espacial | космос* | космическ* | 우주 | 航天 | 太空 | 宇宙
event 5.0 crypto: crypto* | bitcoin* | hacker* | hacking | kryptowal* | krypto* | крипто* | хакер* | 가상화폐 | 암호화폐 | 해커 | 해킹 | 加密货币 | 加密貨幣 | 黑客 | 仮想通貨 | 暗号資産 | ハッカー
event 3.5 bank: bank | banks | ruble* | rouble* | banku | rubel* | rubl* | банк* | рубл* | 은행 | 루블 | 银行 | 銀行 | 卢布 | ルーブル
event 5.0 church: church | orthodox | cerkiew* | kirche | eglise | церк* | патриарх* | православн* | 교회 | 정교회 | 성당 | 教堂 | 东正教 | 教会
event 4.8 animals: zoo | lions | bears | horses | animals | зоопарк* | животн* | лошад* | 동물원 | 동물 | 动物园 | 動物園
event 4.1 medical care: hospital* | medical | health | doctors | szpital* | krankenhaus* | больниц* | медицин* | здравоохран* | лечени* | 병원 | 의료 | 보건 | 치료 | 医院 | 醫院 | 医疗 | 病院 | 医療
event 5.0 children camp: children | camp | dzieci* | kinder | enfants | ninos | дет* | лагер* | 아이들 | 어린이 | 야영소 | 소년단 | 儿童 | 夏令营 | 子ども
event 3.4 vote: vote | votes | voted | resolution | glosow* | rezoluc* | abstimm* | resolution* | голосован* | резолюц* | 표결 | 결의안 | 결의 | 投票 | 决议 | 決議
event 4.5 recognise: recogni* independence | recogni* | uzna* niepodleglosc | anerkenn* | reconn* | reconoc* | призна* независим* | признал* | визнал* | 독립 인정 | 승인 | 承认 | 承認
event 5.0 flood: flood* | powodz* | uberschwemm* | hochwasser | inondation* | наводнен* | 홍수 | 수해 | 洪水 | 洪灾 | 水害
event 3.6 construction: construct* | build* | rebuild* | reconstruct* | budow* | odbudow* | bau | aufbau | строител* | восстановл* | построй* | будівництв* | відбудов* | 건설 | 재건 | 복구 | 建设 | 重建 | 建設 | 再建
event 4.3 factory: factory | factories | plant | fabryk* | zaklad* | fabrik* | usine* | завод* | 공장 | 工厂 | 工廠 | 工場
event 3.5 intelligence report: intelligence | spy | satellite images | satellite imagery | wywiad* | geheimdienst* | renseignement* | inteligencia | разведк* | розвідк* | 정보당국 | 정보기관 | 정찰 | 情报 | 情報機関 | 情報
event 3.3 foreign minister: foreign minist* | foreign secretary | szef* msz | minist* spraw zagraniczn* | aussenminist* | ministre des affaires etrangeres | ministro de asuntos exteriores | chanceler | министр* иностранных дел | глав* мид | мид | міністр* закордонних | мзс | 외무상 | 외무장관 | 외교장관 | 外长 | 外長 | 外相
event 4.2 defence minister: defen* minist* | defence chief | defense chief | minist* obrony | verteidigungsminist* | ministre de la defense | ministro de defensa | министр* обороны | минобороны | міністр* оборони | 국방상 | 국방장관 | 防长 | 防長 | 国防部长 | 国防相
event 3.6 delegation: delegation* | delegac* | delegacion* | делегац* | 대표단 | 사절단 | 代表团 | 代表團 | 代表団
event 3.0 ambassador: ambassador* | embass* | ambasad* | botschaft* | embajad* | посол* | посла | послом | посольств* | 대사 | 대사관 | 大使
event 4.6 governor: governor* | gubernator* | gouverneur* | gobernador* | губернатор* | 주지사 | 지사 | 州长 | 州長 | 知事
event 5.0 party congress: party congress | plenary | plenum | zjazd* | parteitag* | съезд* | пленум* | 당대회 | 전원회의 | 党代会 | 全会 | 党大会 | 総会
event 5.0 elections: election* | re-elect* | wybor* | wahlen | elections | eleccion* | выбор* | вибор* | 선거 | 대선 | 당선 | 选举 | 選舉 | 选 | 選挙
event 4.4 navy: naval | navy | marynark* | marine | флот* | вмф | 해군 | 海军 | 海軍
event 4.2 show or sport: film | movie | concert | song | festival | football | olymp* | sport* | piłk* | концерт* | фестивал* | фильм* | футбол* | спорт* | 영화 | 공연 | 축구 | 올림픽 | 电影 | 電影 | 演出 | 足球 | 奥运 | 映画 | 公演 | サッカー
event 3.2 alliance: alliance | ally | allies | axis | sojusz* | sojuszn* | verbundet* | bundnis | allie* | aliad* | alianza | союз* | альянс* | союзник* | 동맹 | 혈맹 | 同盟 | 盟友 | 血盟
event 5.0 denuclearisation: denucleari* | denuklearyz* | денуклеари* | 비핵화 | 无核化 | 無核化 | 非核化
event 5.0 world order: world order | multipolar* | hegemon* | porzad* swiat* | orden mundial | ordem mundial | ordre mondial | weltordnung | миропоряд* | многополяр* | 국제질서 | 다극 | 패권 | 国际秩序 | 多极 | 霸权 | 国際秩序 | 覇権
event 4.3 opinion: opinion | analysis | op-ed | explainer | editorial | column | komentarz | analiz* | kommentar | мнение | 칼럼 | 사설 | 분석 | 기고 | 评论 | 社评 | 社説 | 解説
event 5.0 live: live | live updates | en direct | relacja | na zywo | live-blog | liveticker | онлайн | 라이브
event 4.5 satellite images: satellite image* | imagery | zdjec* satelitarn* | satellitenbild* | снимк* | 위성사진 | 위성영상 | 卫星图像 | 卫星照片 | 衛星写真 | 衛星画像
event 4.1 deploy: deploy* | dispatch* | wyslan* zolnierz* | entsend* | entsand* | deploiement* | despliegue | отправк* войск | переброс* | перекинул* | 파병 | 파견 | 투입 | 배치 | 派兵 | 派遣 | 派出 | 部署 | 投入
event 3.2 combat: combat | clash* | fighting | fought | battle* | frontline* | front line* | engaged in | walcz* | front | froncie | frontu | kampf* | gefecht* | combat* | боев* | бои | боях | боевы* | сраж* | фронт* | бій | боях | боїв | 교전 | 전투 | 최전선 | 전선 | 작전 | 交战 | 交火 | 作战 | 战斗 | 前线 | 前線 | 戦闘 | 交戦
event 3.0 confirm: confirm* | acknowledg* | admit* | potwierdz* | przyzna* | bestatig* | raumt | confirme* | admite | reconna* | подтверд* | признал* | підтверд* | визнал* | 인정 | 확인 | 시인 | 承认 | 承認 | 证实 | 確認 | 認め
event 4.7 praise: prais* | hail* | laud* | applaud* | chwal* | pochwal* | lobt | salue* | elogia* | похвал* | высоко оцени* | дал высокую оценку | 치하 | 높이 평가 | 격찬 | 칭송 | 赞扬 | 讚揚 | 高度评价 | 称賛 | 高く評価
event 4.1 thank: thank* | grateful | gratitude | dziekuj* | podziekow* | dank | dankt* | bedank* | remerci* | agradec* | благодар* | подяк* | 감사 | 사의 | 感谢 | 感謝 | 谢意 | 謝意
event 3.6 vow: vow* | pledg* | promis* | unconditional* | obieca* | zapewn* | verspr* | sichert | promet* | обеща* | безоговороч* | заверил* | обіця* | 약속 | 다짐 | 무조건 | 맹세 | 承诺 | 無條件 | 无条件 | 誓 | 約束
event 2.8 cooperation: cooperat* | co-operat* | partnership | ties | relations | wspolprac* | relacj* | stosunk* | zusammenarbeit | beziehung* | cooperation | cooperacion | relaciones | сотруднич* | отношен* | партнерств* | партнёрств* | взаимодейств* | співпрац* | 협력 | 관계 | 밀착 | 친선 | 合作 | 关系 | 關係 | 伙伴 | 協力 | 関係 | 友好
event 4.2 welcome: welcom* | greet* | red carpet | embrac* | hug | hugs | hugged | powita* | wita* | objal* | empfang* | umarm* | accueil* | acoge* | обнял* | приветств* | 영접 | 환영 | 포옹 | 마중 | 레드카펫 | 迎接 | 欢迎 | 歡迎 | 拥抱 | 擁抱 | 出迎え | 歓迎 | 抱擁
event 4.2 peace talks: peace talk* | ceasefire* | truce | negotiat* | pokoj* | rozejm* | negocj* | friedens* | waffenruhe | paix | cessez-le-feu | paz | alto el fuego | перемири* | мирн* | урегулирован* | 휴전 | 종전 | 평화협상 | 협상 | 停火 | 和谈 | 谈判 | 和平 | 停戦 | 和平交渉
event 4.8 planned visit: plans to visit | to visit | will visit | to travel | planuje | wybiera sie | zamierza | poleci do | pojedzie do | reist nach | will nach | se rendra | viajara | собирается | планирует посет* | посетит | готовит визит | планує відвідати | 방문 예정 | 방문한다 | 방문할 | 방북 예정 | 방러 예정 | 将访问 | 將訪問 | 拟访 | 将访 | 訪問へ | 訪問する
event 4.4 show: exhibition | expo | showcase | shows off | showed off | wystaw* | pokaza* | ausstellung* | exposition | exposicion | выставк* | показал* | 전시회 | 전시 | 전람회 | 선보 | 展览 | 展覽 | 展示 | 展示会
event 4.2 disguise: hide | hides | hiding | disguis* | secret* | covert* | conceal* | potajemn* | tajn* | ukry* | heimlich* | geheim* | en secret | secretamente | тайн* | скрыт* | таємн* | 은폐 | 위장 | 비밀 | 은밀 | 몰래 | 秘密 | 隐瞒 | 隱瞞 | 伪装 | 隠
event 5.0 forced labour: slave* | forced labo* | exploit* | niewoln* | sklav* | esclav* | рабск* | рабство | рабы | 노예 | 강제노동 | 착취 | 奴隶 | 奴隸 | 奴隷
event 4.4 families of the fallen: famil* | widow* | orphan* | bereaved | relatives | rodzin* | wdow* | familien | hinterblieben* | veuves | семь* погибш* | семьи | вдов* | родин* загибл* | 유족 | 유가족 | 가족 | 家属 | 家屬 | 遗属 | 遺族 | 遺家族
event 5.0 tears: apolog* | bows | bowed | weeps | tears | cried | przepros* | placz* | lzy | entschuldig* | trauer* | pleure* | larmes | извинил* | плак* | слез* | 사과 | 속죄 | 눈물 | 고개 | 道歉 | 流泪 | 謝罪 | 涙
event 3.8 commander: commander* | officers | generals | dowodc* | generalow | kommandeur* | commandant* | командир* | командующ* | офицер* | генерал* | командувач* | 지휘관 | 사령관 | 장성 | 장교 | 指挥官 | 指揮官 | 将领 | 司令
event 4.4 special forces: special forces | special operation* | storm corps | elite | specnaz* | spezialkraft* | спецназ* | элитн* | спецоперац* | 특수부대 | 특수작전 | 폭풍군단 | 정예 | 特种部队 | 特種 | 精锐 | 特殊部隊 | 精鋭
event 5.0 mercenaries: mercenar* | cannon fodder | najemni* | mieso armatnie | soldner* | mercenaire* | наемник* | наёмник* | пушечн* мяс* | 용병 | 총알받이 | 雇佣兵 | 炮灰 | 傭兵
event 3.0 by car: car | limo* | drive | drove | drives | rides | samoch* | auto | voiture | автомоби* | машин* | 승용차 | 차량 | 자동차 | 轿车 | 汽车 | 乘车 | 同车 | 車に同乗 | 同乗
event 3.0 death: die | dies | passed away | passes away | zmarl* | gestorben | verstorben | decede* | fallece* | скончал* | умер* | 사망 | 별세 | 타계 | 去世 | 逝世 | 病逝 | 死去
event 5.0 condolences: condolence* | kondolenc* | beileid* | condoleance* | condolencia* | соболезнован* | співчут* | 조의 | 조전 | 애도 | 위로전문 | 哀悼 | 唁电 | 唁電 | 弔電 | 弔意
event 5.0 appoint: appoint* | named | nominat* | mianowa* | ernannt | ernennt | nomme | nombra* | назнач* | призначи* | 임명 | 내정 | 任命
event 5.0 explosion: explosion* | blast | exploded | blows up | fire at | wybuch* | eksplo* | explosion | взрыв* | вибух* | 폭발 | 爆炸 | 爆発
event 3.0 strike: strike | strikes | struck | hit | hits | attack | attacks | bombard* | uderz* | atak* | spadl* | angriff* | trafen | greift | attaque* | frapp* | ataca* | ataque* | удар* | вдари* | влучи* | атак* | обстрел* | обстріл* | ракетн* удар* | 공습 | 공격 | 타격 | 袭击 | 襲擊 | 空袭 | 攻击 | 夜袭 | 攻撃 | 空爆
event 4.6 wreckage: wreckage | debris | fragments | odlamk* | szczatk* | trummer* | debris | restos | обломк* | уламк* | 잔해 | 파편 | 残骸 | 碎片 | 破片
event 3.8 documents: document* | passport* | id card* | dokument* | paszport* | ausweis* | документ* | паспорт* | 문서 | 신분증 | 여권 | 文件 | 护照 | 証 | 文書
event 2.5 video: video* | footage | nagrani* | wideo | видео* | кадры | відео* | 동영상 | 영상 | 视频 | 影片 | 動画 | 映像
event 4.3 wages: wage* | salar* | paid | earn* | pensj* | zarobk* | lohn* | salaire* | salario* | зарплат* | жалован* | 월급 | 임금 | 급여 | 수당 | 工资 | 薪 | 賃金 | 給料
event 4.3 visas: visa* | wiza | wizy | виз* | 비자 | 사증 | 签证 | 簽證 | ビザ
event 3.0 border: border* | granic* | grenz* | frontier* | frontera* | границ* | приграничн* | кордон* | 국경 | 접경 | 边境 | 邊境 | 边界 | 国境
event 4.7 pandemic: pandemic* | covid* | coronavirus* | quarantine | pandemi* | koronawirus* | коронавирус* | пандеми* | 코로나 | 팬데믹 | 봉쇄 | 新冠 | 疫情 | コロナ
event 4.3 coal: coal | wegiel | wegla | kohle | charbon | carbon | угол* | угля | вугілл* | 석탄 | 煤炭 | 石炭
event 4.3 fish and timber: fish* | crab* | timber | logging | seafood | ryb | drewn* | fisch* | holz | рыб* | краб* | лес* | древесин* | 수산 | 벌목 | 목재 | 水产 | 木材 | 林业 | 水産 | 林業
event 5.0 medicine: medicine* | vaccine* | drugs | lek | leki | szczepion* | medikament* | medicament* | лекарств* | медикамент* | вакцин* | 의약품 | 백신 | 药品 | 疫苗 | 医薬品 | ワクチン
event 3.9 science: scien* | research* | nauk* | wissenschaft* | наук* | научн* | ученых | 과학 | 연구 | 科学 | 科學 | 研究
event 5.0 agriculture: farm* | agricultur* | rolnic* | landwirtschaft* | сельск* хозяйств* | сельхоз* | 농업 | 농장 | 农业 | 農業
event 4.7 culture: cultur* | artist* | troupe | ensemble | theatre | theater | exhibition of paintings | kultur* | artys* | культур* | артист* | ансамбл* | театр* | 문화 | 예술단 | 가무단 | 文化 | 艺术团 | 藝術團 | 芸術団
event 5.0 youth: youth | young | mlodziez* | jugend* | молодеж* | молодёж* | 청년 | 青年
event 3.0 parliament: parliament* | lawmaker* | deput* | speaker | sejm* | abgeordnet* | bundestag* | deputes | diputad* | депутат* | парламент* | спикер* | 의회 | 의원 | 의장 | 议会 | 議會 | 议员 | 议长 | 議員 | 議会 | 議長
event 5.0 security council secretary: security chief | security council secretary | security adviser | security advisor | sekretarz* rady bezpieczenstwa | секретар* совбез* | секретар* совета безопасности | 안보서기 | 안보실장 | 국가안보보좌관 | 安全会议秘书 | 国安顾问 | 安全保障会議書記
event 5.0 police: police | interior minist* | policj* | polizei | мвд | внутренних дел | полици* | 경찰 | 내무 | 사회안전 | 警察 | 内务 | 内務
event 4.6 summon: summon* | wezwa* ambasador* | einbestellt | bestellt | convoqu* | вызва* посл* | викликал* посл* | 초치 | 召见 | 召見 | 呼び出
event 2.5 urge: urge* | call* on | demand* | calls for | wzywa* | wezwal* | apel* | fordert | ruft | appelle | exige* | призва* | потребова* | закликал* | 촉구 | 요구 | 敦促 | 呼吁 | 要求 | 要請
event 2.5 threat: threat* | menac* | zagroz* | groz* | bedroh* | amenaz* | угроз* | угрожа* | загроз* | 위협 | 威胁 | 威脅 | 脅威
event 5.0 provocation: provoc* | prowokac* | provok* | провокац* | 도발 | 挑衅 | 挑発
event 2.5 response: respond* | response | retaliat* | react* | odpowie* | reaguj* | antwort* | reagiert | reagit | repond* | отреагиров* | ответил* | ответн* | прокомментиров* | відповідь | 대응 | 반응 | 보복 | 맞대응 | 回应 | 回應 | 反应 | 报复 | 反応 | 対抗
event 2.5 consider: consider* | mull* | weigh* | review* | rozwaza* | erwag* | pruft | envisage* | рассматрива* | рассмотр* | розгляда* | 검토 | 고려 | 考虑 | 拟 | 检讨 | 検討
event 3.6 ban: ban | bans | banned | blacklist* | embargo* | zakaz* | verbot* | interdi* | prohib* | запрет* | заборон* | 금지 | 지정 | 블랙리스트 | 禁止 | 禁令 | 列入 | 禁輸
event 3.0 block: block* | blokuj* | zablokow* | blockier* | bloque* | заблокиров* | блокиру* | 무산 | 가로막 | 반대로 | 阻止 | 阻挠 | 反对 | 阻止 | 反対
event 3.0 production: production | produce* | output | stockpile* | produkcj* | produktion | производств* | виробництв* | 생산 | 비축 | 生产 | 產 | 库存 | 生産
event 3.0 isolation: desperat* | isolat* | pariah* | desperac* | izolac* | isolier* | paria* | отчаян* | изоляц* | 절박 | 고립 | 왕따 | 孤立 | 绝望
event 2.5 photo: photo* | pictures | zdjec* | fotos | bilder | фото* | снимк* | 사진 | 照片 | 写真
event 2.5 speech: speech* | address | press conference | przemow* | konferencj* | rede | pressekonferenz | discours | discurso | речь | выступил* | пресс-конференц* | 연설 | 기자회견 | 회견 | 讲话 | 講話 | 演讲 | 记者会 | 演説 | 記者会見
event 2.5 first time: first time | first-ever | for the first | pierwszy raz | po raz pierwszy | erstmals | premiere fois | primera vez | впервые | вперше | 처음 | 첫 | 최초 | 首次 | 首度 | 初めて | 初の
event 1.5 again: again | second time | second | another | more | kolejn* | znow* | ponown* | erneut | weiter* | nouveau* | otra vez | снова | ещё | еще | повторн* | знову | 또 | 추가 | 재차 | 再次 | 又 | 增 | 追加 | 再び
event 5.0 Liberation Day: liberation day | liberation anniversar* | liberation of korea | korea's liberation | rocznic* wyzwolenia | dzien wyzwolenia | befreiungstag | день освобожден* | днем освобожден* | днём освобожден* | освобождени* кореи | 광복절 | 해방의 날 | 조국해방 | 解放日 | 光复 | 解放記念
event 4.9 Victory Day: victory day | dzien zwyciestwa | dniu zwyciestwa | tag des sieges | jour de la victoire | день победы | дня победы | днем победы | днём победы | день перемоги | 전승절 | 승리의 날 | 胜利日 | 勝利日 | 戦勝記念
event 5.0 Russia Day: russia day | day of russia | russia's national day | dzien rosji | dnia rosji | russland-tag | день росси* | дня росси* | днем росси* | днём росси* | 러시아의 날 | 俄罗斯日 | ロシアの日
event 5.0 party anniversary: party anniversary | party's anniversary | founding of the workers | годовщин* трудовой партии | 당 창건 | 노동당 창건 | 建党 | 党創建
event 5.0 New Year: new year* | nowy rok | nowego roku | noworoczn* | neujahr* | nouvel an | ano nuevo | новым годом | нового года | новогодн* | 새해 | 신년 | 연하장 | 新年 | 年賀
event 5.0 birthday: birthday* | urodzin* | geburtstag* | anniversaire de naissance | cumpleanos | день рождения | днем рождения | днём рождения | 생일 | 生日 | 誕生日
event 4.3 ceremony: ceremon* | opening of | inaugurat* | unveil* | uroczyst* | otwarci* | zeremonie | eroffn* | церемони* | открыл* | открыти* | відкрит* | 준공 | 착공 | 개막 | 개통 | 기공식 | 开幕 | 揭幕 | 动工 | 竣工 | 开通 | 完成式 | 着工 | 開通
event 4.3 cross border: crosse* | crossed | entered | przekroczyl* | wjecha* | uberquer* | franchi* | пересек* | въехал* | 통과 | 진입 | 넘어 | 越过 | 进入 | 入境 | 入った | 通過
event 3.0 together: side by side | together | trilateral | ramie w ramie | razem | gemeinsam | vereint | cote a cote | juntos | плечом к плечу | вместе | втроем | 나란히 | 한자리 | 3국 | 北中러 | 북중러 | 并肩 | 三国 | 三方 | 並ん | 揃い
event 5.0 conspire: conspir* | plot | plots | plotting | spisk* | verschwor* | complot* | conspira* | заговор* | змов* | 모의 | 작당 | 음모 | 密谋 | 陰謀 | 共謀
event 1.5 experts: experts | expert | analyst* | why | what | how | ekspert* | dlaczego | experte* | warum | pourquoi | por que | почему | эксперт* | чому | 전문가 | 왜 | 전망 | 배경 | 专家 | 为何 | 分析 | 専門家 | なぜ
"""

# Events that are one thing seen from several ends: what is sent is received, who arrives is welcomed.
FRAMES = {
    "journey": "visit|arrive|leave|return|welcome|delegation|train journey|planned visit|cross border|invite",
    "encounter": "meet|by car|together|phone call|foreign minister|defence minister|delegation|cooperation",
    "message": "letter|congratulate|condolences|Liberation Day|Victory Day|Russia Day|party anniversary|New Year|birthday",
    "arms": "supply|arms deal|shells|missiles|ballistic missile|ship voyage|disguise|howitzers|rocket launchers|production",
    "war": "troops|deploy|combat|commander|special forces|mercenaries|training|casualties|sappers",
    "prisoners": "captured|defect",
    "honour": "medal|monument|funeral|tears|families of the fallen|praise|thank|death",
    "pact": "treaty|sign|ratify|alliance|parliament",
    "penalty": "sanctions|ban|veto|vote|block|the UN Security Council|the US Treasury",
    "protest": "condemn|warn|accuse|urge|summon|threat|response|provocation|consider",
    "denial": "deny",
    "weapons test": "launch|missiles|ICBM|hypersonic|satellite|space|failure|air defence|show",
    "bombing": "strike|missiles|ballistic missile|wreckage|explosion|KN-23",
    "labour": "workers|construction|forced labour|wages|visas|factory",
    "links": "bridge|railway|flight|port|border|tourism",
    "goods": "oil|food|trade|coal|fish and timber|bank|medicine|agriculture",
    "parade": "parade|anniversary|together",
}
# What a title may be about only one of: each stage of a trip is a story of its own.
STAGES = (
    "planned visit|invite|leave|arrive|meet|sign|return|parade|show|letter|phone call|deny|condemn|thank|ratify|"
    "medal|funeral|monument|summon|opinion|condolences|launch|captured|consider|accuse"
)
