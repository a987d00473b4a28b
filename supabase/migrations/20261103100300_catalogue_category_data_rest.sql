-- The subcategories of the other eleven categories.

insert into public.subcategories (id, category_id, position, slug, name, description, keywords)
select
  ('c0000000-0000-4000-8001-' || lpad((c.position * 100 + s.position)::text, 12, '0'))::uuid,
  c.id,
  s.position,
  s.slug,
  s.name,
  s.description,
  string_to_array(s.keywords, ', ')
from (values
  ('leadership-management', 1, 'executive-coaching', 'Executive Coaching',
    'A partner in thought for those who decide.',
    'executive coaching, leadership coaching, leadership, ceo coaching, decision making, executive presence, '
    'first time manager, self leadership, sparring partner'),
  ('leadership-management', 2, 'team-development', 'Team Development',
    'Helping groups of people to work as one.',
    'team building, team coaching, conflict resolution, mediation, feedback, delegation, remote teams, team '
    'workshop, psychological safety, collaboration'),
  ('leadership-management', 3, 'human-resources', 'Human Resources',
    'Finding, keeping and developing people.',
    'human resources, hr, recruiting, hiring, onboarding employees, performance review, compensation, '
    'employee engagement, people management, talent development, employer branding'),
  ('leadership-management', 4, 'change-innovation', 'Change & Innovation',
    'Bringing the new into organisations that have their habits.',
    'change management, innovation, design thinking, digital transformation, organisational development, '
    'agile coaching, culture change, okr, creative problem solving'),
  ('leadership-management', 5, 'diversity-inclusion', 'Diversity & Inclusion',
    'Organisations in which everybody can belong and contribute.',
    'diversity, inclusion, equity, unconscious bias, women in leadership, neurodiversity at work, '
    'anti-racism, inclusive leadership, gender equality'),
  ('career-growth', 1, 'career-coaching', 'Career Coaching',
    'Finding out what to do next, and daring to.',
    'career coaching, career change, career planning, career advice, job satisfaction, strengths, returning '
    'to work, promotion, salary negotiation, first job'),
  ('career-growth', 2, 'job-search', 'Job Search & Interviews',
    'Applications that are read, and interviews that go well.',
    'resume, cv, cover letter, job interview, job application, interview preparation, linkedin optimisation, '
    'assessment centre, case interview, portfolio review'),
  ('career-growth', 3, 'freelancing', 'Freelancing & Self-employment',
    'Working for oneself, and living from it.',
    'freelancing, freelance, self-employed, finding clients, solopreneur, contracts for freelancers, setting '
    'rates, portfolio career, digital nomad, upwork'),
  ('career-growth', 4, 'workplace-skills', 'Workplace Skills',
    'What every job needs and nobody teaches.',
    'time management, productivity, communication skills, assertiveness, meeting skills, business writing, '
    'emotional intelligence, critical thinking, organisation, remote work'),
  ('career-growth', 5, 'mentoring-networking', 'Mentoring & Networking',
    'Learning from those who went before, and knowing people who know people.',
    'mentoring, mentorship, networking, mentor, professional network, industry insight, shadowing, peer '
    'coaching, mastermind group'),
  ('law-public-affairs', 1, 'business-law', 'Business & Contract Law',
    'Contracts, companies and the rules that they live by.',
    'business law, contract, contract review, company formation, compliance, gdpr, employment law, commercial '
    'law, terms of service, corporate law'),
  ('law-public-affairs', 2, 'everyday-law', 'Everyday Legal Questions',
    'Knowing one''s rights in housing, family, work and consumption.',
    'legal advice, tenant rights, family law, divorce law, inheritance, consumer rights, will, notary, '
    'traffic law, power of attorney'),
  ('law-public-affairs', 3, 'intellectual-property', 'Intellectual Property',
    'Protecting what was thought up, written or designed.',
    'patent, trademark, copyright, licensing, intellectual property, open source licence, design rights, '
    'music rights'),
  ('law-public-affairs', 4, 'immigration-relocation', 'Immigration & Relocation',
    'Visas, permits and arriving in another country.',
    'immigration, visa, work permit, residence permit, citizenship, asylum, relocation paperwork, study '
    'abroad visa, green card'),
  ('law-public-affairs', 5, 'public-policy', 'Public Policy & Civic Life',
    'How societies decide, and how to take part.',
    'politics, public policy, government, civic education, activism, campaigning, urban planning, human '
    'rights, international relations, public administration'),
  ('health-nutrition', 1, 'nutrition-diet', 'Nutrition & Diet',
    'Eating in a way that is good for body and mind.',
    'nutrition, diet, dietitian, weight loss, meal planning, healthy eating, vegan nutrition, food '
    'intolerance, gut health, sports nutrition, intermittent fasting'),
  ('health-nutrition', 2, 'healthy-living', 'Healthy Living & Prevention',
    'Habits that keep people well.',
    'health coaching, sleep, prevention, quitting smoking, healthy habits, immune system, posture, back pain, '
    'longevity, ergonomics, wellness'),
  ('health-nutrition', 3, 'womens-mens-health', 'Women''s & Men''s Health',
    'Hormones, cycles, fertility and what changes with age.',
    'women''s health, menopause, fertility, cycle, pelvic floor, men''s health, sexual health, hormones, pms, '
    'endometriosis'),
  ('health-nutrition', 4, 'chronic-conditions', 'Living with Illness',
    'Support in living with a condition or recovering from one.',
    'chronic illness, diabetes, chronic pain, cancer recovery, migraine, autoimmune, long covid, patient '
    'advocacy, high blood pressure, rehabilitation support'),
  ('health-nutrition', 5, 'complementary-medicine', 'Complementary Medicine',
    'Traditional and natural ways beside medicine.',
    'naturopathy, ayurveda, acupuncture, traditional chinese medicine, aromatherapy, homeopathy, herbal '
    'remedies, osteopathy, massage, reflexology'),
  ('health-nutrition', 6, 'care-first-aid', 'Care & First Aid',
    'Helping others in need of it, for a moment or every day.',
    'first aid, cpr, nursing, caregiving, dementia care, patient care, emergency training, health '
    'professions, medical training, home care'),
  ('fitness-movement', 1, 'yoga-pilates', 'Yoga & Pilates',
    'Breath, balance and a strong middle.',
    'yoga, pilates, vinyasa, hatha, yin yoga, ashtanga, prenatal yoga, chair yoga, barre, yoga teacher '
    'training, stretching'),
  ('fitness-movement', 2, 'strength-training', 'Strength & Personal Training',
    'Getting stronger with somebody who watches the form.',
    'personal trainer, personal training, gym, strength training, weightlifting, bodybuilding, crossfit, '
    'hiit, calisthenics, workout, fitness plan, kettlebell'),
  ('fitness-movement', 3, 'endurance', 'Running & Endurance',
    'Going further: running, cycling, swimming and triathlon.',
    'running, marathon, cycling, triathlon, swimming training, endurance, trail running, race preparation, '
    'couch to 5k, cardio'),
  ('fitness-movement', 4, 'martial-arts', 'Martial Arts & Self-defence',
    'Fighting arts, for sport, safety and character.',
    'martial arts, karate, judo, boxing, kickboxing, taekwondo, jiu jitsu, aikido, self-defence, muay thai, '
    'krav maga, kung fu, fencing'),
  ('fitness-movement', 5, 'mobility-rehab', 'Mobility & Recovery',
    'Moving without pain, at any age and after injury.',
    'mobility, flexibility, physiotherapy, injury recovery, feldenkrais, alexander technique, tai chi, '
    'qigong, senior fitness, fascia, foam rolling'),
  ('fitness-movement', 6, 'dance-group-fitness', 'Dance & Group Fitness',
    'Sweating together, with music.',
    'zumba, aerobics, dance fitness, spinning, step class, group fitness, bootcamp, aqua fitness, pole '
    'fitness, jump rope'),
  ('mind-wellbeing', 1, 'meditation-mindfulness', 'Meditation & Mindfulness',
    'Training attention, and being present.',
    'meditation, mindfulness, breathwork, mbsr, guided meditation, relaxation, vipassana, body scan, mindful '
    'living, silent retreat, inner calm'),
  ('mind-wellbeing', 2, 'stress-resilience', 'Stress & Resilience',
    'Carrying less, and bearing what has to be carried.',
    'stress management, burnout, resilience, anxiety, work-life balance, overwhelm, panic, nervous system, '
    'self-care, emotional regulation'),
  ('mind-wellbeing', 3, 'counselling-therapy', 'Counselling & Therapy',
    'Talking with somebody who is trained to listen.',
    'therapy, counselling, psychotherapy, depression, trauma, cbt, psychologist, mental health, addiction '
    'recovery, eating disorders, art therapy'),
  ('mind-wellbeing', 4, 'life-coaching', 'Life Coaching & Habits',
    'Deciding how to live, and doing it.',
    'life coaching, life coach, goals, motivation, habits, self-confidence, self-esteem, purpose, personal '
    'development, procrastination, limiting beliefs, mindset'),
  ('mind-wellbeing', 5, 'grief-transitions', 'Grief & Transitions',
    'Company through loss and great changes.',
    'grief, bereavement, loss, divorce recovery, life transition, retirement transition, midlife, loneliness, '
    'end of life, empty nest'),
  ('spirituality-inner-growth', 1, 'spiritual-practice', 'Spiritual Practice',
    'Ways of prayer, contemplation and devotion, within religions and beyond.',
    'spirituality, prayer, buddhism, zen, christian mysticism, sufism, bible study, quran study, spiritual '
    'guidance, contemplation, chanting'),
  ('spirituality-inner-growth', 2, 'energy-healing', 'Energy Work & Healing',
    'Reiki, sound and other subtle practices.',
    'reiki, energy healing, chakra, sound healing, crystal healing, shamanic journey, kundalini, theta '
    'healing, sound bath, cacao ceremony'),
  ('spirituality-inner-growth', 3, 'astrology-divination', 'Astrology & Divination',
    'Reading signs, cards and stars for reflection.',
    'astrology, tarot, numerology, human design, birth chart, oracle cards, i ching, palm reading, runes, '
    'dream interpretation'),
  ('spirituality-inner-growth', 4, 'philosophy-ethics', 'Philosophy & Ethics',
    'Thinking about what is good, true and worth the time.',
    'philosophy, ethics, stoicism, existentialism, critical thought, philosophical counselling, logic, world '
    'religions, moral questions'),
  ('spirituality-inner-growth', 5, 'retreats-rituals', 'Retreats & Rituals',
    'Time apart, and ceremonies for what matters.',
    'retreat, ritual, ceremony, vision quest, moon circle, women''s circle, men''s circle, wedding celebrant, '
    'rites of passage, pilgrimage'),
  ('family-relationships', 1, 'parenting', 'Parenting',
    'Bringing up children without losing oneself.',
    'parenting, positive discipline, toddlers, teenagers, baby sleep, sleep training, parent coaching, adhd '
    'children, screen time, single parent, blended family'),
  ('family-relationships', 2, 'pregnancy-birth', 'Pregnancy, Birth & Babies',
    'From wishing for a child to the first year.',
    'pregnancy, childbirth, birth preparation, doula, midwife, breastfeeding, postpartum, newborn care, baby '
    'massage, hypnobirthing'),
  ('family-relationships', 3, 'couples-dating', 'Couples & Dating',
    'Finding somebody, and staying together well or parting well.',
    'relationship coaching, couples therapy, dating, marriage, intimacy, communication in couples, breakup, '
    'jealousy, online dating, sexuality'),
  ('family-relationships', 4, 'childhood-learning', 'Early Childhood & Play',
    'Helping small children to discover the world.',
    'early childhood, montessori, waldorf, kindergarten, play, crafts for kids, storytime, child development, '
    'speech development, kids activities'),
  ('family-relationships', 5, 'elder-family', 'Elders & Family Care',
    'Being there for parents and relatives who grow old.',
    'elder care, ageing parents, family caregivers, dementia family support, intergenerational, family '
    'constellations, family mediation, family history, genealogy'),
  ('food-drink', 1, 'home-cooking', 'Home Cooking',
    'Good food every day, from knife skills to dinner for eight.',
    'cooking, cooking class, recipes, knife skills, quick meals, meal prep, vegetarian cooking, vegan '
    'cooking, family meals, budget cooking, kids cooking'),
  ('food-drink', 2, 'baking-pastry', 'Baking & Pastry',
    'Bread, cakes and everything with flour and butter.',
    'baking, bread, sourdough, cake decorating, pastry, cookies, macarons, chocolate, gluten-free baking, '
    'croissants'),
  ('food-drink', 3, 'world-cuisines', 'World Cuisines',
    'Cooking as they do elsewhere.',
    'italian cooking, sushi, thai food, indian cooking, mexican food, korean food, middle eastern cooking, '
    'pasta making, street food, dumplings, french cuisine'),
  ('food-drink', 4, 'drinks-tasting', 'Drinks & Tasting',
    'Wine, coffee, tea and what is mixed from them.',
    'wine tasting, sommelier, coffee, barista, tea ceremony, cocktails, mixology, beer brewing, cheese '
    'tasting, kombucha, fermentation'),
  ('food-drink', 5, 'professional-kitchen', 'Professional Kitchen & Hospitality',
    'Cooking and hosting for a living.',
    'chef training, restaurant, catering, food business, food safety, menu planning, hospitality, food truck, '
    'hotel management, private chef'),
  ('home-garden-animals', 1, 'gardening', 'Gardening & Plants',
    'Growing flowers, vegetables and houseplants.',
    'gardening, garden, vegetable garden, houseplants, permaculture, composting, balcony garden, garden '
    'design, pruning, urban gardening, bonsai, flower arranging'),
  ('home-garden-animals', 2, 'diy-repair', 'Repair & Building',
    'Fixing and building things oneself.',
    'diy, home repair, renovation, carpentry, plumbing, electrical work, painting walls, tiling, furniture '
    'restoration, bicycle repair, car maintenance, upcycling'),
  ('home-garden-animals', 3, 'interior-organising', 'Interiors & Organising',
    'Rooms that look good and in which things are found.',
    'interior design, home styling, decluttering, organising, feng shui, home staging, minimalism, cleaning, '
    'colour consulting, tidying'),
  ('home-garden-animals', 4, 'pets-animals', 'Pets & Animals',
    'Understanding, training and keeping animals.',
    'dog training, puppy, cat behaviour, pet care, horse riding, horses, animal communication, aquarium, '
    'veterinary advice, dog grooming, bird keeping'),
  ('home-garden-animals', 5, 'style-beauty', 'Style & Beauty',
    'Clothes, skin and hair that suit the person.',
    'fashion, style advice, personal stylist, makeup, skincare, hair styling, wardrobe, colour analysis, '
    'nails, cosmetics, fashion design, barber'),
  ('sports-travel-outdoors', 1, 'ball-team-sports', 'Ball & Team Sports',
    'Playing with others, and getting better at it.',
    'football, soccer, basketball, volleyball, tennis, badminton, table tennis, golf, handball, cricket, '
    'padel, rugby, baseball, sports coaching'),
  ('sports-travel-outdoors', 2, 'water-winter-sports', 'Water & Winter Sports',
    'On boards, boats and snow.',
    'swimming, surfing, sailing, diving, scuba, kayaking, rowing, stand up paddle, skiing, snowboarding, ice '
    'skating, freediving'),
  ('sports-travel-outdoors', 3, 'outdoor-adventure', 'Outdoors & Adventure',
    'Mountains, forests and getting home again.',
    'hiking, climbing, bouldering, mountaineering, camping, survival, bushcraft, navigation, fishing, '
    'mountain biking, orienteering, backpacking'),
  ('sports-travel-outdoors', 4, 'travel', 'Travel & Places',
    'Planning journeys, and being shown around.',
    'travel planning, tour guide, city tour, solo travel, travel advice, budget travel, local guide, road '
    'trip, world trip, sightseeing'),
  ('sports-travel-outdoors', 5, 'games-hobbies', 'Games & Hobbies',
    'Playing, collecting and tinkering for its own sake.',
    'chess, board games, poker, bridge, video games, esports, role-playing games, puzzles, collecting, model '
    'building, trivia, go'),
  ('sports-travel-outdoors', 6, 'driving-piloting', 'Driving & Piloting',
    'Learning to steer cars, boats and aircraft.',
    'driving lessons, driving licence, motorcycle, drone licence, pilot training, boat licence, flight '
    'simulator, defensive driving, truck licence')
) as s (category, position, slug, name, description, keywords)
join public.categories as c on c.slug = s.category;
